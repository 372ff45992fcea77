// Runs a test file with jest-circus, as Jest does by default, but with Node's own module system: the application and what
// it is built on are loaded and compiled once for each worker. In contexts of their own, which Jest makes, each file spends
// longer on that than on its tests. What modules keep between files is cleared in each-file.ts.
const { pathToFileURL } = require('node:url');
const circus = require('jest-circus/runner').default;

let files = 0;

module.exports = async (globalConfig, config, environment, jestRuntime, testPath, sendMessageToJest) => {
  files += 1;
  const runtime = {
    /** The state of jest-circus, new for each file. */
    requireInternalModule(path) {
      delete globalThis[Symbol.for('EVENT_HANDLERS')];
      delete require.cache[path];
      return require(path);
    },
    requireModule: require,
    setGlobalsForRuntime() {},
    enterTestCode() {},
    leaveTestCode() {},
    unstable_shouldLoadAsEsm: () => true,
    /** What is to be run before each file is loaded for each; a test file is loaded once anyway. */
    unstable_importModule: (path) => import(pathToFileURL(path) + (config.setupFilesAfterEnv.includes(path) ? `?file=${files}` : '')),
  };
  try {
    return await circus(globalConfig, config, { global: globalThis }, runtime, testPath, sendMessageToJest);
  } finally {
    for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
      if (symbol.description === 'JEST_STATE_SYMBOL') delete globalThis[symbol]; // holds all that the tests hold
    }
  }
};
