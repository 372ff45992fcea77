import type { ConstraintProblems } from '../platform/database/index.js';
import { NotAllowedInThisState, ValidationProblem } from '../platform/problem.js';
import { placeProcess } from './partnerships/place.process.js';
import { PartnershipPlaceResolver, PartnershipResolver } from './partnerships/partnership.resolver.js';
import { Partnerships } from './partnerships/partnership.service.js';
import { SchoolResolver } from './school.resolver.js';
import { TermDatesResolver } from './term-dates/term-dates.resolver.js';

export * from './authorities/index.js';
export { findSchools, type SchoolSearch } from './find-schools.js';
export { importSchools, type ImportOptions } from './import/import.js';
export { type Place, placeOf } from './import/place.js';
export { formatSummary, type ImportSummary } from './import/summary.js';
export { localAuthorityMatcher } from './match-local-authority.js';
export { fold, searchText } from './names.js';
export { type Near, placeOfPostcode, type Point } from './near.js';
export { postcodeOf } from './postcode.js';
export { LocalAuthority, School, SchoolPhase, schoolPhases, SchoolStatus, schoolStatuses } from './school.type.js';
export { type FormerAuthority, governingBodyOf, localAuthorityByCode, readFormerAuthorities, readLocalAuthorities, refreshSchoolWords, schoolByUrn, schoolColumns, type SchoolRow } from './schools.read.js';
export { openSuccessors } from './successors.js';
export { importTermDates } from './term-dates/import-term-dates.js';
export { deadlineIn, wordsOnDeadlines } from './term-dates/deadline.js';
export { setTermDates } from './term-dates/term-dates.js';

export const schoolsResolvers = [SchoolResolver, TermDatesResolver, PartnershipPlaceResolver] as const;

export { Partnerships };
export const schoolsProcesses = [placeProcess];
export { PartnershipResolver };

export const schoolsConstraints: ConstraintProblems = {
  partnership_place_once: () => new NotAllowedInThisState('The school belongs to this partnership, or is asked to join it, already.'),
  term_date_overlap: () => new ValidationProblem([{ field: 'terms', message: 'A term overlaps with one of the school year before or after.' }]),
};
