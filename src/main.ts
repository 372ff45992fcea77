#!/usr/bin/env node
// The Node check comes before anything is loaded that an old Node could not read.
const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Signpost needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`);
  process.exit(1);
}
const { runCommand } = await import('./command.js');
await runCommand(process.argv);

