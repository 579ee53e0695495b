/*
 * Imported before everything else: other modules use JSON.rawJSON as they are loaded. It came with JSON.parse's source texts,
 * without which long numbers would be rounded without a word.
 */
if (!('rawJSON' in JSON)) {
  process.stderr.write(`Billgraph needs Node 22 or later; this is ${process.version}. \`npm start\` brings its own.\n`);
  process.exit(1);
}
