"""What every page stands in: session, sidebar, shared resources, the table of pages."""
