import { runEndings } from './endings.js';

/** Loaded anew before each test file. */
afterAll(runEndings);
