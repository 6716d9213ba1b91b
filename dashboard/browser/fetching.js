// Before the script of each component that needs a module of the lab's server: see `fetching` of mounting.py.

// Address → promise of the module. All components share it: run_stream.js has one socket for the whole tab.
const modules = (window.labModules ??= new Map())

// One that was lost is asked for once more, a second later, and at an address that differs: browsers may
// remember that one failed. After that the component's next update tries again.
function load(address) {
  const url = new URL(address, location.href)
  const again = async () => {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    return import(`${url}?again=${Date.now()}`)
  }
  const lost = (error) => {
    modules.delete(address)
    throw error
  }
  if (!modules.has(address)) modules.set(address, import(url).catch(again).catch(lost))
  return modules.get(address)
}

// Lets `listener(run, id)` hear of these runs and no others, as run_stream.js says. Calls act in their order.
// Where it cannot be fetched, what Python wrote stays; the promise says whether it could.
async function follow(node, link, ...wanted) {
  try {
    const stream = await load(link.stream)
    stream.follow(node, link.socket, ...wanted)
    return true
  } catch (error) {
    console.error(error)
    return false
  }
}

