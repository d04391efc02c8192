fetch("/q/worker-data").then((r) => r.text()).then(() => postMessage("worked"));
