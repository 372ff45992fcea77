export { demoPeople, type DemoPerson } from './content/people.js';
export { demoLoaded, type DemoOptions, type DemoSummary, demoSize, hasRoomForDemo, loadDemo, type WorldSize } from './load.js';
