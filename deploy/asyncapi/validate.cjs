// Reads an AsyncAPI document from stdin and prints the errors that the official parser finds.
// Exit 0 when there are none. The parser is found through NODE_PATH.
const { Parser } = require("@asyncapi/parser");

const SEVERITY_ERROR = 0;

new Parser().parse(require("fs").readFileSync(0, "utf8")).then(({ document, diagnostics }) => {
  const errors = diagnostics.filter(({ severity }) => severity === SEVERITY_ERROR);
  errors.forEach(({ path, message }) => console.log(`${path.join(".")}: ${message}`));
  process.exit(document && errors.length === 0 ? 0 : 1);
});
