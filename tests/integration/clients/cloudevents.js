// cloudevents as a channel owner uses it: node cloudevents.js URL-of-ingest
const { CloudEvent, HTTP, emitterFor, httpTransport, Mode } = require("cloudevents");

const headers = { Authorization: "Bearer web-token" };
const said = [
  { type: "parking.visit", data: { service: "parking", touchpoint: "page", citizen: "42" } },
  { type: "parking.sent", data: { service: "parking", citizen: "42" } },
  { type: "parking.error", data: { service: "parking", touchpoint: "page", action: "failed", citizen: "42" } },
];

(async () => {
  for (const mode of [Mode.BINARY, Mode.STRUCTURED]) {
    const emit = emitterFor(httpTransport(`${process.argv[2]}/v1/events`), { binding: HTTP, mode });
    for (const one of said) {
      // It resolves whatever the answer is: its user looks.
      const answer = await emit(new CloudEvent({ source: "/cloudevents-js", ...one }), { headers });
      if (JSON.parse(answer.body).accepted !== 1) { console.error(answer.body); process.exitCode = 1; }
    }
  }
})();
