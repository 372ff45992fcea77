import type { SearchQuery } from '../../src/search/index.js';
import type { ListingName } from './judged-listings.js';

export interface JudgedSearch {
  words: string;
  facets: Partial<SearchQuery>;
  /** Just what is meant. */
  best: ListingName[];
  /** What would help as well. */
  helps: ListingName[];
}

const search = (words: string, best: ListingName[], helps: ListingName[] = [], facets: Partial<SearchQuery> = {}): JudgedSearch => ({ words, facets, best, helps });

/**
 * What SIPs, heads, governors and business managers type, as they type it, and what of the demo should come up. Judged
 * by reading the listings, not by searching for them: a judgement is changed when a reader disagrees, never because an
 * engine does.
 */
export const judgedSearches: readonly JudgedSearch[] = [
  // Reading and writing
  search('phonics', ['phonics-check', 'ks2-phonics', 'reading-audit', 'phonics-showcase'], ['reading-leader', 'teen-reading', 'hearing-readers']),
  search('help with phonics in reception', ['phonics-check', 'reading-audit'], ['phonics-showcase', 'reading-leader', 'hearing-readers']),
  search('year 1 phonics results poor', ['phonics-check', 'reading-audit'], ['reading-leader', 'phonics-showcase']),
  search('phonics training fernshire', ['reading-audit'], ['phonics-check', 'ks2-phonics', 'phonics-showcase']),
  search('children in year 3 who still can’t read', ['ks2-phonics', 'fluency']),
  search('reading fluency', ['fluency'], ['whole-class-reading']),
  search('KS2 reading', ['fluency', 'ks2-phonics', 'whole-class-reading'], ['library']),
  search('year 5 and 6 reading', ['whole-class-reading']),
  search('reading for pleasure', ['library'], ['breakfast-club', 'hearing-readers']),
  search('guided reading', ['whole-class-reading'], ['fluency']),
  search('lowest 20% readers', ['phonics-check'], ['reading-audit', 'ks2-phonics']),
  search('struggling readers ks3', ['teen-reading']),
  search('reading', ['teen-reading'], ['dld-vocabulary'], { phases: ['SECONDARY'] }),
  search('parents reading at home', ['hearing-readers'], ['kitchen-table']),
  search('something to help boys with writing in year 4', [], ['writing-moderation']),
  search('writing moderation', ['writing-moderation']),
  search('greater depth writing', ['writing-moderation']),
  search('vocabulary', ['dld-vocabulary', 'shared-reading'], ['whole-class-reading', 'language-screening']),

  // Mathematics and science
  search('times tables', ['times-tables'], ['mastery-year']),
  search('year 4 multiplication check', ['times-tables'], ['mastery-year']),
  search('maths mastery', ['mastery-lesson', 'mastery-year']),
  search('math', ['mastery-lesson', 'mastery-year', 'times-tables', 'number-sense', 'maths-5-to-8', 'maths-6-to-7', 'a-level-maths', 'eal-maths'], ['resits']),
  search('numeracy in ks1', ['number-sense'], ['mastery-lesson', 'mastery-year', 'times-tables']),
  search('transition from year 6 to year 7', ['maths-6-to-7', 'maths-5-to-8']),
  search('free CPD for maths teachers', ['mastery-year', 'number-sense', 'maths-5-to-8', 'a-level-maths', 'mastery-lesson'], ['maths-6-to-7']),
  search('A level maths', ['a-level-maths']),
  search('gcse resits', ['resits']),
  search('mock exam analysis', ['mock-analysis']),
  search('science', ['primary-science'], [], { phases: ['PRIMARY'] }),
  search('physics teacher shortage', ['physics-planning'], ['girls-physics']),
  search('head of science struggling', ['science-review'], ['physics-planning', 'middle-leaders']),
  search('girls in STEM', ['girls-physics']),

  // Other subjects and the curriculum
  search('curriculum design', ['mixed-age', 'history-geography', 'subject-leadership'], ['send-curriculum', 'music-plan']),
  search('history and geography', ['history-geography'], ['mixed-age', 'subject-leadership']),
  search('french', ['languages']),
  search('MFL primary', ['languages']),
  search('music', ['whole-class-music', 'music-plan']),
  search('computing', ['ks2-computing', 'computing-kit', 'gcse-cs']),
  search('coding club', [], ['ks2-computing', 'computing-kit']),
  search('RE', ['church-inspection']),
  search('PE', [], ['cycling']),
  search('cycling proficiency', ['cycling']),
  search('mixed age classes', ['mixed-age'], ['history-geography', 'icfp-primary']),
  search('subject leaders', ['subject-leadership', 'middle-leaders'], ['deep-dive', 'reading-leader', 'music-plan']),
  search('study skills for sixth formers', ['sixth-form-study']),
  search('free', ['outdoor-mornings', 'eyfs-visit', 'portage', 'kitchen-table'], ['phonics-showcase', 'number-sense'], { categories: ['EARLY_YEARS'] }),

  // Behaviour and attendance
  search('behaviour', ['de-escalation', 'ks3-outreach'], ['attachment', 'autism-plan', 'bikes', 'nurture-group']),
  search('behavior support for one pupil at risk of exclusion', ['ks3-outreach'], ['de-escalation', 'bikes']),
  search('INSET day on behaviour', ['de-escalation'], ['attachment']),
  search('positive handling', [], ['de-escalation']),
  search('suspensions', ['ks3-outreach'], ['clerk-panels', 'bikes']),
  search('alternative provision', ['bikes'], ['teen-reading']),
  search('lunchtime supervisors', ['de-escalation']),
  search('attendance', ['absence-day', 'targeting-meeting', 'attendance-casework', 'attendance-report', 'attendance-network'], ['ebsa', 'walking-bus', 'breakfast-club', 'carers-briefing', 'cme-advice']),
  search('persistant absence', ['absence-day', 'targeting-meeting', 'attendance-casework'], ['attendance-report', 'ebsa', 'attendance-network']),
  search('attendence officer', ['attendance-casework', 'absence-day'], ['targeting-meeting']),
  search('need someone to chase families about attendance', ['attendance-casework', 'absence-day'], ['targeting-meeting']),
  search('school refuser', ['ebsa'], ['absence-day']),
  search('lateness', ['walking-bus', 'breakfast-club'], ['absence-day', 'attachment', 'carers-briefing']),
  search('elective home education', ['cme-advice']),

  // SEND and inclusion
  search('SEND', ['send-review', 'senco-supervision', 'ta-deployment', 'ehc-request', 'send-curriculum', 'portage', 'autism-plan', 'adulthood'], ['sensory-circuits', 'attention-training', 'ep-assessment', 'dld-vocabulary', 'slt-fortnight']),
  search('new SENCO', ['senco-supervision'], ['ehc-request', 'send-review']),
  search('ASD pupil not coping', ['autism-plan'], ['attention-training']),
  search('autistic', ['autism-plan', 'attention-training'], ['sensory-circuits']),
  search('ADHD', ['sensory-circuits'], ['attention-training']),
  search('dyslexia', ['ep-assessment']),
  search('speech therapist', ['slt-fortnight', 'language-screening'], ['dld-vocabulary']),
  search('speach and language', ['slt-fortnight', 'language-screening'], ['dld-vocabulary', 'bilingual', 'kitchen-table', 'nursery-talk']),
  search('ehcp application', ['ehc-request'], ['ep-assessment']),
  search('educational psychologist', ['ep-assessment', 'ebsa', 'supervision'], ['elsa', 'mental-health-year']),
  search('exam access arrangements', ['ep-assessment']),
  search('TA training', ['ta-deployment', 'attention-training', 'elsa'], ['teen-reading', 'eal-maths', 'number-sense']),
  search('don’t know what our TAs should be doing', ['ta-deployment'], ['attention-training']),
  search('sensory room', ['sensory-circuits']),
  search('EAL', ['eal-maths', 'eal-assessment', 'bilingual'], ['nursery-talk', 'interpreters', 'kitchen-table']),
  search('new arrivals with no english', ['eal-assessment'], ['eal-maths', 'interpreters']),
  search('polish interpreter', ['interpreters']),
  search('looked after children', ['designated-teacher', 'attachment']),
  search('trauma informed', ['attachment']),
  search('pupil premium', ['pp-evidence'], ['absence-day', 'ks2-phonics', 'governor-data', 'evaluation', 'designated-teacher', 'whole-class-music']),
  search('disadvantaged pupils', ['pp-evidence'], ['absence-day', 'ks2-phonics', 'evaluation']),
  search('careers SEND', ['adulthood']),

  // Early years
  search('early years', ['eyfs-visit', 'outdoor-mornings', 'two-year-olds', 'nursery-talk', 'shared-reading', 'portage', 'bilingual', 'kitchen-table'], ['number-sense', 'language-screening']),
  search('nursery for 2 year olds', ['two-year-olds']),
  search('outdoor learning', ['outdoor-mornings']),
  search('reception baseline', ['eyfs-visit']),
  search('oracy', ['nursery-talk'], ['kitchen-table', 'shared-reading']),
  search('get parents of nursery children talking to them', ['kitchen-table']),

  // Safeguarding and wellbeing
  search('safegaurding', ['dsl-training', 'safeguarding-audit', 'safeguarding-self-assessment', 'dsl-network', 'safer-recruitment']),
  search('DSL training', ['dsl-training'], ['dsl-network', 'supervision']),
  search('safeguarding audit', ['safeguarding-audit', 'safeguarding-self-assessment']),
  search('single central record', ['safeguarding-audit'], ['safer-recruitment']),
  search('online safety', [], ['ks2-computing', 'cyber']),
  search('supervision for DSLs', ['supervision']),
  search('mental health lead', ['mental-health-place', 'mental-health-year']),
  search('mental health lead', ['mental-health-place'], [], { free: [true] }),
  search('wellbeing', ['mental-health-year', 'mental-health-place', 'nurture-group', 'supervision'], ['elsa', 'find-carers', 'carers-group', 'ebsa', 'bereavement-training', 'bereavement-call']),
  search('anxious pupils', ['ebsa'], ['elsa']),
  search('emotional literacy', ['elsa']),
  search('bereavment', ['bereavement-call', 'bereavement-training']),
  search('a parent has died', ['bereavement-call'], ['bereavement-training']),
  search('young carers', ['find-carers', 'carers-briefing', 'carers-group']),
  search('nurture room', ['nurture-group']),
  search('food poverty', ['breakfast-club']),

  // Governance
  search('governor training', ['board-basics', 'governor-data', 'governor-subscription'], ['safer-recruitment']),
  search('governor training', ['board-basics', 'governor-data'], ['safer-recruitment'], { laCodes: ['991'] }),
  search('new governers', ['board-basics'], ['governor-subscription']),
  search('clerk to governors', ['clerk'], ['clerk-panels']),
  search('exclusion panel', ['clerk-panels']),
  search('review of governance', ['governance-review']),
  search('data for governors', ['governor-data'], ['attendance-report', 'pp-evidence']),
  search('join a MAT', ['trust-options']),
  search('falling rolls', ['trust-options'], ['icfp-primary', 'icfp-secondary', 'deficit']),

  // Leadership, inspection and assessment
  search('headteacher performance management', ['head-appraisal']),
  search('recruit a new head', ['appointing-head'], ['interim-head']),
  search('cover for a head off sick', ['interim-head']),
  search('new headteacher mentor', ['new-head']),
  search('middle leadership training', ['middle-leaders'], ['subject-leadership']),
  search('ECT mentor', ['ect-mentors']),
  search('NQT', [], ['ect-mentors']),
  search('coaching', ['reading-leader', 'ect-mentors'], ['middle-leaders']),
  search('lesson observation', ['judging-teaching'], ['lesson-study', 'mastery-lesson']),
  search('leadership', ['subject-leadership', 'new-head', 'peer-review'], ['science-review'], { kinds: ['SCHOOL'] }),
  search('ofsted due any day', ['deep-dive', 'sef'], ['peer-review', 'send-review']),
  search('ofsted', ['deep-dive', 'after-inspection', 'sef', 'peer-review'], ['send-review', 'church-inspection', 'judging-teaching']),
  search('requires improvement', ['after-inspection']),
  search('SIAMS', ['church-inspection']),
  search('self evaluation', ['sef'], ['peer-review', 'church-inspection']),
  search('assessment', ['assessment-audit', 'mock-analysis', 'writing-moderation'], ['eal-assessment', 'ep-assessment', 'pp-evidence', 'language-screening', 'evaluation'], { categories: ['ASSESSMENT_AND_DATA'] }),
  search('y6 sats', [], ['writing-moderation', 'whole-class-reading']),
  search('evaluate impact of what we do', ['evaluation'], ['pp-evidence']),
  search('workload', ['assessment-audit'], ['ai-policy']),

  // Finance and operations
  search('SBM', ['sbm-day', 'sbm-mentor']),
  search('bursar cover', ['sbm-day'], ['sbm-mentor']),
  search('budget deficit', ['deficit'], ['icfp-primary', 'icfp-secondary', 'sbm-day']),
  search('ICFP', ['icfp-primary', 'icfp-secondary'], ['timetable-check', 'deficit']),
  search('someone to look at our timetable', ['timetable-check']),
  search('gdpr', ['dpo']),
  search('ict technician', ['technician']),
  search('chatgpt policy', ['ai-policy']),
  search('filtering and monitoring', ['cyber'], ['safeguarding-audit']),
  search('school meals', ['catering'], ['breakfast-club']),

  // Providers and places
  search('anna wroxley', ['slt-fortnight', 'language-screening', 'dld-vocabulary']),
  search('jill farant', ['ks2-phonics', 'reading-leader', 'hearing-readers', 'phonics-check']),
  search('tallow and finch', ['assessment-audit', 'mock-analysis', 'pp-evidence']),
  search('millgate pru', ['teen-reading', 'de-escalation', 'ks3-outreach']),
  search('beeches', ['autism-plan', 'attention-training', 'send-curriculum', 'adulthood', 'sensory-circuits']),
  search('virtual school', ['attachment', 'designated-teacher']),
  search('maths hub', ['number-sense', 'a-level-maths', 'mastery-year', 'maths-5-to-8']),
  search('english hub', ['reading-audit', 'fluency', 'phonics-showcase']),
  search('brackenby', ['breakfast-club', 'walking-bus', 'absence-day', 'nurture-group'], ['adulthood']),
  search('st marys', ['mixed-age', 'church-inspection']),
  search('wexbourne safeguarding', ['safeguarding-self-assessment', 'dsl-network']),

  // The same, otherwise written
  search('KS2', ['writing-moderation', 'ks2-computing', 'times-tables', 'whole-class-reading', 'library', 'ks2-phonics', 'fluency'], ['languages', 'mastery-lesson', 'mastery-year', 'maths-6-to-7', 'maths-5-to-8', 'whole-class-music', 'computing-kit']),
  search('key stage two', ['writing-moderation', 'ks2-computing', 'times-tables', 'whole-class-reading', 'library', 'ks2-phonics', 'fluency'], ['languages', 'mastery-lesson', 'mastery-year', 'maths-6-to-7', 'maths-5-to-8', 'whole-class-music', 'computing-kit']),
  search('KS 2 reading', ['fluency', 'ks2-phonics', 'whole-class-reading'], ['library']),
  search('yr6', ['whole-class-reading', 'maths-6-to-7', 'writing-moderation'], ['cycling', 'maths-5-to-8', 'history-geography']),
  search('year six maths', ['maths-6-to-7', 'maths-5-to-8']),
  search('Year R', ['phonics-check', 'language-screening', 'number-sense', 'eyfs-visit', 'nursery-talk', 'reading-audit']),
  search('6th form', ['sixth-form-study', 'a-level-maths'], ['resits', 'adulthood']),
  search('SEN coordinator', ['senco-supervision'], ['ehc-request', 'send-review']),
  search('S.E.N.D.', ['send-review', 'senco-supervision', 'ta-deployment', 'ehc-request', 'send-curriculum', 'portage', 'autism-plan', 'adulthood'], ['sensory-circuits', 'attention-training', 'ep-assessment', 'dld-vocabulary', 'slt-fortnight']),
  search('P.E.', [], ['cycling']),
  search('R.E.', ['church-inspection']),
  search('I.C.T.', ['ks2-computing', 'computing-kit', 'gcse-cs'], ['technician']),
  search('behavior', ['de-escalation', 'ks3-outreach'], ['attachment', 'autism-plan', 'bikes', 'nurture-group']),
  search('counselor', [], ['bereavement-call']),
  search('center for early language', ['bilingual', 'shared-reading']),
  search('governor training program', ['governor-subscription'], ['board-basics', 'governor-data']),
  search('well-being', ['mental-health-year', 'mental-health-place', 'nurture-group', 'supervision'], ['elsa', 'find-carers', 'carers-group', 'ebsa', 'bereavement-training', 'bereavement-call']),
  search('fonics', ['phonics-check', 'ks2-phonics', 'reading-audit', 'phonics-showcase'], ['reading-leader', 'teen-reading', 'hearing-readers']),
  search('forest school', [], ['outdoor-mornings']),

  // Not finished
  search('safeguar', ['dsl-training', 'safeguarding-audit', 'safeguarding-self-assessment', 'dsl-network', 'safer-recruitment']),
  search('bereav', ['bereavement-call', 'bereavement-training']),
  search('phon', ['phonics-check', 'ks2-phonics', 'reading-audit', 'phonics-showcase'], ['reading-leader', 'teen-reading', 'hearing-readers']),
  search('speech and la', ['slt-fortnight', 'language-screening'], ['dld-vocabulary', 'bilingual']),
]; // prettier-ignore
