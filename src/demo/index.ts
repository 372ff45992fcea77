export { demoPeople, type DemoPerson } from './content/people.js';
export { demoLoaded, type DemoOptions, type DemoSummary, demoSize, loadDemo, type WorldSize } from './load.js';
