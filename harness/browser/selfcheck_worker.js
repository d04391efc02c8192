"use strict";
let kept = "";
onconnect = (event) => {
  const port = event.ports[0];
  port.onmessage = (message) => {
    if (message.data.keep) kept = message.data.keep;
    port.postMessage(kept);
  };
};
