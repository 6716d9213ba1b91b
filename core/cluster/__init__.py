"""Who trains: the workers, and the engine that hands them runs. The only wing that knows Dask."""
