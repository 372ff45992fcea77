// Compiles src, migrations and tests into dist. The Node check comes first and uses nothing new,
// so that an old Node gets one clear line and not a syntax error from a dependency.
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Signpost needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`);
  process.exit(1);
}

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
rmSync('dist', { recursive: true, force: true }); // a deleted test would keep running from dist
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { stdio: 'inherit' });
if (status === 0) chmodSync('dist/src/main.js', 0o755); // `npx signpost` runs it as a program
process.exit(status ?? 1);
