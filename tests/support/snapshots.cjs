// Snapshots stand beside the TypeScript of their test, since dist is cleaned before each build.
module.exports = {
  resolveSnapshotPath: (test, extension) => test.replace('/dist/tests/', '/tests/').replace(/\.js$/, `.ts${extension}`),
  resolveTestPath: (snapshot, extension) => snapshot.slice(0, -extension.length).replace('/tests/', '/dist/tests/').replace(/\.ts$/, '.js'),
  testPathForConsistencyCheck: '/project/dist/tests/graphql/some.test.js',
};
