export { type AnyProcess, byReader, checkProcess, type Facts, type Party, type ProcessDefinition, target, type Transition } from './definition.js';
export { documentProcesses } from './document.js';
export { advanceAll, availableActions, begin, changedMeanwhile, mayHappen, move, type Move, recordStep, recordSteps, whyNot } from './engine.js';
export { type HistoryRow, readHistories } from './history.js';
export { ActingParty, actionsIn, AvailableAction, historyEntry, HistoryEntry, historyOf } from './types.js';
