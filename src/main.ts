#!/usr/bin/env -S node --enable-source-maps --max-semi-space-size=32
// These flags hold however the program is started. The young generation is larger than Node's own: each page of a search fills it.
// The Node check comes before anything is loaded that an old Node could not read.
const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Signpost needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`);
  process.exit(1);
}
const { runCommand } = await import('./command.js');
await runCommand(process.argv);

