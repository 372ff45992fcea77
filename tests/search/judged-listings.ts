/** A listing of the demo as its provider and title name it. */
export interface Named {
  provider: string;
  title: string;
}

/** Every listing that a search of the demo can find, by a short name for judging. */
export const judgedListings = {
  ...by('Anna Wroxley Speech and Language Therapy', {
    'slt-fortnight': 'A therapist in school one morning a fortnight',
    'language-screening': 'Screening Reception and Year 1 for language difficulties',
    'dld-vocabulary': 'Vocabulary across the secondary curriculum for pupils with DLD',
  }),
  ...by('Board Basics', {
    'board-basics': 'Induction for new governors in ten short units',
  }),
  ...by('Brackenby Breakfast and Books', {
    'breakfast-club': 'Setting up a breakfast club with a storyteller in it',
  }),
  ...by('Brackenby Park Primary School: attendance and nurture', {
    'walking-bus': 'A walking bus that people actually walk with',
    'absence-day': 'Persistent absence: a day with our attendance officer and family worker',
    'nurture-group': 'Starting a nurture group on one room and one and a half adults',
  }),
  ...by('Castle Street Primary School: teaching for mastery', {
    'eal-maths': 'EAL in the maths lesson: talk frames and pre-teaching',
    'mastery-lesson': 'Sit in on a maths mastery lesson, then take it apart with the teacher',
    'times-tables': 'Times tables by the end of Year 4',
  }),
  ...by('Corvane Education IT Ltd', {
    cyber: 'Cyber security check against the standards for schools',
    dpo: 'Data protection officer service',
    technician: 'Technician visits for primaries',
    'ai-policy': 'Using AI tools in the staff room: policy and practice',
  }),
  ...by('Derek Pym Governance', {
    'clerk-panels': 'Clerking for complaints, exclusions and panels',
    'governance-review': 'External review of governance',
    'governor-data': 'Governor training: asking about data without drowning in it',
  }),
  ...by('Dr Farida Haque, educational psychologist', {
    ebsa: 'Emotionally based school avoidance: a way back for one pupil',
    supervision: 'Group supervision for pastoral staff and designated leads',
    'ep-assessment': 'Psychological assessment of learning, with a report everyone can use',
  }),
  ...by('Fernshire Attendance and Inclusion Team', {
    'cme-advice': 'Advice line on children missing education and elective home education',
    'attendance-network': 'Attendance network for pastoral staff',
    'targeting-meeting': 'Targeting support meeting each term',
  }),
  ...by('Fernshire Early Years Advisory Team', {
    'eyfs-visit': 'EYFS advice visit',
    portage: 'Portage-style home visits before a child with SEND starts nursery',
  }),
  ...by('Fernshire Educational Psychology: traded work', {
    elsa: 'Emotional literacy support assistants: training and supervision',
    'mental-health-year': 'Senior mental health leads: a project year',
  }),
  ...by('Fernshire Governor Services', {
    clerk: 'Clerk to the governing board',
    'head-appraisal': 'External adviser for the headteacher’s appraisal',
    'governor-subscription': 'Governor training programme: a year’s subscription',
  }),
  ...by('Fernshire Music Hub', {
    'whole-class-music': 'Whole-class brass, strings or ukulele for a year',
    'music-plan': 'Your school music development plan',
  }),
  ...by('Fernshire Virtual School', {
    attachment: 'Attachment and trauma: whole-staff training with follow-up',
    'designated-teacher': 'Designated teacher training and clinic',
  }),
  ...by('Fernshire and Wexbourne Maths Hub', {
    'number-sense': 'Number sense in Reception and Key Stage 1',
    'a-level-maths': 'Supporting A level mathematics in small sixth forms',
    'mastery-year': 'Teaching for mastery: the first year for a primary school',
    'maths-5-to-8': 'Years 5 to 8 continuity in mathematics',
  }),
  ...by('Hallamby Safeguarding Ltd', {
    'dsl-training': 'Designated safeguarding lead: initial and refresher training',
    'safeguarding-audit': 'Safeguarding audit with pupils’ voices in it',
    'safer-recruitment': 'Safer recruitment panels: a practical morning',
  }),
  ...by('Haverleigh Community College: subject support', {
    languages: 'French and Spanish for primary teachers who are not linguists',
    'maths-6-to-7': 'From Year 6 to Year 7 in mathematics: a shared unit',
    'science-review': 'Reviewing a science department with its head of department',
    'sixth-form-study': 'Sixth form study habits: a toolkit for tutors',
  }),
  ...by('Haverleigh Junior School: reading and writing', {
    library: 'A library that children use: weeding, zoning and a lunchtime rota',
    'writing-moderation': 'Key Stage 2 writing moderation, three times a year',
    'whole-class-reading': 'Whole-class reading in Year 5 and Year 6',
  }),
  ...by('Haverleigh Nursery School: outreach', {
    'outdoor-mornings': 'Open mornings in our outdoor area',
    'two-year-olds': 'Opening a room for two-year-olds: from floor plan to first term',
    'nursery-talk': 'Talking and listening in the nursery: an observation and a plan',
  }),
  ...by('Jill Farrant Early Reading', {
    'ks2-phonics': 'Catch-up phonics in Years 3 and 4 without missing everything else',
    'reading-leader': 'Coaching your reading leader',
    'hearing-readers': 'Hearing children read: an hour for parents and volunteers',
    'phonics-check': 'Phonics health check: Reception to Year 2 in a day',
  }),
  ...by('Keith Aldous School Reviews', {
    sef: 'A self-evaluation you can say in five minutes',
    'after-inspection': 'After a disappointing inspection: turning the report into twelve weeks of work',
    'judging-teaching': 'Judging the quality of teaching together',
    'deep-dive': 'Rehearsing a deep dive in reading and one other subject',
  }),
  ...by('Kitchen Table Talk', {
    'kitchen-table': 'Two-minute films for parents about talking with small children',
  }),
  ...by('Lamplight Bereavement Support', {
    'bereavement-training': 'Bereavement training for a pastoral team',
    'bereavement-call': 'When somebody dies: a call today and a visit this week',
  }),
  ...by('Ledgerwood School Business Ltd', {
    'sbm-day': 'A school business manager for a day a week',
    catering: 'Catering contract health check',
    'icfp-secondary': 'Integrated curriculum and financial planning for secondaries and trusts',
    payroll: 'Payroll and pensions bureau',
  }),
  ...by('Marian Copley, SEND adviser', {
    'senco-supervision': 'A new SENCO’s first year: monthly supervision',
    'send-review': 'SEND review: what the pupils get, not what the paperwork says',
    'ta-deployment': 'Teaching assistants: from velcro to independence',
    'ehc-request': 'Writing a request for an EHC needs assessment that stands up',
  }),
  ...by('Market Ossing Primary School: peer review', {
    'peer-review': 'Primary peer review: one question, two colleagues, one day',
    'subject-leadership': 'Subject leadership in a primary where everyone leads three subjects',
    'new-head': 'The first hundred days of headship',
  }),
  ...by('Millgate Pupil Referral Unit: behaviour outreach', {
    'teen-reading': 'Catching up in reading for teenagers on reduced timetables',
    'de-escalation': 'De-escalation for the whole staff, lunchtime supervisors included',
    'ks3-outreach': 'Keeping a Key Stage 3 pupil in school: ten weeks of outreach',
  }),
  ...by('Ossing Vale School: computing and curriculum planning', {
    'ks2-computing': 'Computing in Key Stage 2: plan it once, teach it without fear',
    'timetable-check': 'Timetable and curriculum model check before the options go out',
  }),
  ...by('Plainsong Language Services Ltd', {
    'eal-assessment': 'EAL assessment and a teaching plan for pupils who joined this year',
    interpreters: 'Interpreters for meetings with parents, by telephone or in person',
  }),
  ...by('Registerwise Ltd', {
    'attendance-casework': 'Attendance casework: a welfare officer for half a day a week',
    'attendance-report': 'Attendance patterns report, each half term',
  }),
  ...by('Second Sitting', {
    resits: 'GCSE resit tuition in English and maths for 16 to 19',
  }),
  ...by('Steady Ground', {
    'mental-health-place': 'Mental health lead training, funded place',
  }),
  ...by('Sue Ridout School Finance', {
    deficit: 'Getting out of a deficit: a recovery plan the authority will accept',
    'icfp-primary': 'ICFP for a primary: what your classes cost',
    'sbm-mentor': 'Mentoring a new school business manager',
  }),
  ...by('Tallow & Finch Assessment Ltd', {
    'assessment-audit': 'Assessment audit: which of it is used by anybody',
    'mock-analysis': 'Mock exam analysis by question for GCSE departments',
    'pp-evidence': 'Pupil premium: reading your own evidence honestly',
  }),
  ...by('Tarrow Valley English Hub', {
    'reading-audit': 'Early reading audit and medium-level support',
    fluency: 'Reading fluency in Years 2 to 4',
    'phonics-showcase': 'Showcase mornings: phonics, story time and talk',
  }),
  ...by('Tarrow Valley Young Carers', {
    'find-carers': 'Finding your young carers: assembly, survey and a list you can act on',
    'carers-briefing': 'Staff briefing: pupils who care for somebody at home',
    'carers-group': 'Young carers’ group at lunchtime',
  }),
  ...by('Tenterfield Leadership Partners Ltd', {
    'appointing-head': 'Appointing a headteacher',
    'trust-options': 'Federating, joining a trust or staying as you are: an options paper for governors',
    'interim-head': 'Interim headteacher or deputy',
    'middle-leaders': 'Middle leaders: leading the people you used to sit beside',
  }),
  ...by('The Beeches School outreach service', {
    'autism-plan': 'A pupil with autism who is not coping: three visits and a plan',
    'attention-training': 'Attention and joint engagement: training for assistants',
    'send-curriculum': 'Curriculum for pupils working below age-related expectations',
    adulthood: 'Moving on at sixteen: preparing for adulthood with pupils with SEND',
    'sensory-circuits': 'Sensory circuits: setting up and keeping them going',
  }),
  ...by('The Common Shelf', {
    'history-geography': 'History and geography sequences for Years 1 to 6',
    'primary-science': 'Primary science with what is in the cupboard',
  }),
  ...by('Three Rivers Computing Hub', {
    'computing-kit': 'Borrow a physical computing kit for a half term',
    'gcse-cs': 'GCSE computer science for teachers who trained in something else',
  }),
  ...by('Thrusley St Mary’s: small-school curriculum', {
    'mixed-age': 'A two-year rolling programme for mixed-age classes',
    'church-inspection': 'Preparing a church school for its denominational inspection',
  }),
  ...by('Two Wheels Fernshire', {
    bikes: 'Bike maintenance for pupils who prefer spanners to worksheets',
    cycling: 'Cycle training on real roads for Years 5 and 6',
  }),
  ...by('University of Haverleigh, School of Education', {
    evaluation: 'Evaluating something your school has started',
    'lesson-study': 'Lesson study with a university partner',
    'ect-mentors': 'Mentoring the mentors of early career teachers',
  }),
  ...by('Wexbourne Metropolitan University, Centre for Early Language', {
    bilingual: 'Bilingual children in the early years: what is a delay and what is not',
    'shared-reading': 'Shared reading in nursery: a ten-week programme with student helpers',
  }),
  ...by('Wexbourne Northgate Girls’ School: physics and engineering', {
    'physics-planning': 'Physics taught by non-specialists: a term of co-planning',
    'girls-physics': 'Why girls drop physics, and what a department can do by Year 9',
  }),
  ...by('Wexbourne Safeguarding in Education Team', {
    'safeguarding-self-assessment': 'Annual safeguarding self-assessment, with a visit to one school in three',
    'dsl-network': 'Network for designated leads',
  }),
};
export type ListingName = keyof typeof judgedListings;

function by<Name extends string>(provider: string, titles: Record<Name, string>): Record<Name, Named> {
  return Object.fromEntries(Object.entries<string>(titles).map(([name, title]) => [name, { provider, title }])) as Record<Name, Named>;
}
