// @segment/analytics-node as a channel owner uses it: node segment.js URL-of-ingest
const { Analytics } = require("@segment/analytics-node");

const analytics = new Analytics({ writeKey: "seg-7", host: process.argv[2], flushAt: 3 });
analytics.on("error", (why) => { console.error(why); process.exitCode = 1; });
analytics.identify({ userId: "42", traits: { name: "Jo" } });
analytics.page({ userId: "42", name: "Parking", properties: { url: "https://town.example/parking/page" } });
analytics.track({ userId: "42", event: "parking.sent" });
analytics.track({ userId: "42", event: "Application Error", context: { throughline: { touchpoint: "page", action: "failed" } } });
analytics.closeAndFlush();
