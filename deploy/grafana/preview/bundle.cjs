// Writes the page into a folder: `node bundle.cjs FOLDER`. The packages are found through NODE_PATH.
const { copyFileSync } = require("fs");
const { delimiter, join } = require("path");

const [folder] = process.argv.slice(2);
require("esbuild").buildSync({
  entryPoints: [join(__dirname, "page.jsx")],
  outdir: folder,
  nodePaths: process.env.NODE_PATH.split(delimiter),
  bundle: true,
  format: "esm",
  splitting: true,
  jsx: "automatic",
  loader: { ".svg": "dataurl", ".woff": "file", ".woff2": "file" },
  define: { "process.env.NODE_ENV": '"production"' },
  // An editor and maps: loaded by panels that we do not have, and half of everything.
  external: ["monaco-editor", "@monaco-editor/react", "ol"],
  logLevel: "warning",
});
copyFileSync(join(__dirname, "page.html"), join(folder, "page.html"));
