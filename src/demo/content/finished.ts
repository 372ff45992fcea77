import type { FinishedContent } from './shapes.js';

/**
 * Enough of it that the evidence of seven listings shows. What is rated before the last month but one has been released;
 * the newest ratings wait for company.
 */
export const finishedSupport: FinishedContent[] = [
  {
    provider: 'farrant',
    objective: 'Every adult who teaches phonics from Reception to Year 2 teaches it in the same way.',
    baseline: 'Three classes, three schemes’ worth of habits; 61% at the Year 1 check.',
    category: 'TEACHING_AND_LEARNING',
    phase: 'PRIMARY',
    schools: [
      {
        urn: 900028, days: [190, 150, 138], pounds: 820, result: 'MET', after: 'One set of routines; 78% at the Year 1 check.', cohort: 41, helpfulness: 4, mayBeAsked: true,
        words: 'She watched first and talked second. The list she left was short enough that we did all of it before half term.',
        reply: 'Thank you. The assistants did the hardest part, which was to stop doing things that they were fond of.',
      },
      {
        urn: 900018, days: [182, 144, 130], pounds: 410, result: 'PARTLY', after: 'Reception and Year 1 alike; Year 2 on the way.', cohort: 57, helpfulness: 3,
        words: 'A clear day and a useful report. We would have liked a second visit, and should have booked one.',
      },
      {
        urn: 900030, days: [171, 129, 115], pounds: 820, result: 'MET', after: 'Same routines in all four classes.', helpfulness: 4, mayBeAsked: true,
        words: 'Worth it for the conversation with our newest teacher alone.',
      },
      {
        urn: 900033, days: [60, 19, 3], pounds: 410, result: 'MET', after: 'Lessons look alike from one door to the next.', helpfulness: 4,
        words: 'Calm, exact, and kind to people who were nervous about being watched.',
      },
    ],
  },
  {
    provider: 'wroxley',
    objective: 'We know by the end of October which children in Reception and Year 1 need help with language.',
    baseline: 'We found out in Year 2, when reading did not come.',
    category: 'EARLY_YEARS',
    phase: 'PRIMARY',
    schools: [
      {
        urn: 900010, days: [195, 162, 149], pounds: 812, result: 'MET', after: 'All 58 screened; eleven have a plan.', cohort: 58, helpfulness: 4, mayBeAsked: true,
        words: 'Quick, friendly with the children, and the groups she suggested are still running.',
      },
      {
        urn: 900033, days: [176, 140, 126], pounds: 364, result: 'MET', after: 'All 26 screened, five referred on.', cohort: 26, helpfulness: 3,
        words: 'Good value for a small school. The written summaries could be shorter.',
        reply: 'A fair point: there is a one-page version now, and I have sent it to you.',
      },
      {
        urn: 900039, days: [168, 131, 118], pounds: 1260, result: 'PARTLY', after: 'Reception screened; Year 1 after the holidays.', cohort: 90, helpfulness: 3,
        words: 'What was done was done well. Ninety children in three mornings was too much to hope for.',
      },
    ],
  },
  {
    provider: 'ledgerwood',
    objective: 'The governors see a budget forecast each month that they can follow.',
    baseline: 'One forecast a year, in a format that only the last business manager understood.',
    category: 'FINANCE_AND_OPERATIONS',
    vat: 'ADDED',
    schools: [
      {
        urn: 900006, days: [200, 120, 108], pounds: 4020, result: 'MET', after: 'A page each month, on the Friday before finance committee.', helpfulness: 4, mayBeAsked: true,
        words: 'For a school of our size a day a week is what we can pay for and what we needed.',
      },
      {
        urn: 900018, days: [188, 112, 100], pounds: 4020, result: 'MET', after: 'Monthly, and questions are answered in the meeting.', helpfulness: 4,
        words: 'Reliable from the first week.',
      },
      {
        urn: 900035, days: [180, 116, 104], pounds: 3350, result: 'PARTLY', after: 'Monthly since spring, after a change of person.', helpfulness: 2, wouldRecommend: false,
        words: 'The second person was very good. The first handover cost us a month.',
        reply: 'We agree about the handover, and now let the two people overlap for a week at our cost.',
      },
    ],
  },
  {
    provider: 'pym',
    objective: 'Governors ask questions that change what happens.',
    baseline: 'Minutes full of thanks; two challenges recorded in a year.',
    category: 'GOVERNANCE',
    schools: [
      {
        urn: 900004, days: [184, 143, 128], pounds: 1500, result: 'MET', after: 'Every set of minutes has a question, an answer and a date.', helpfulness: 4, mayBeAsked: true,
        words: 'He told us what we half knew, in words that nobody could take offence at.',
      },
      {
        urn: 900005, days: [178, 137, 122], pounds: 1500, result: 'PARTLY', after: 'Better at standards, still shy about money.', helpfulness: 3,
        words: 'A thorough review. The action plan was long for volunteers.',
      },
      {
        urn: 900019, days: [165, 121, 106], pounds: 1500, result: 'MET', after: 'Link governors visit with a question and report on it.', helpfulness: 4,
        words: 'Straightforward and fair.',
      },
    ],
  },
  {
    provider: 'copley',
    objective: 'Teachers, not only the SENCO, know what is different in their lessons for pupils with SEND.',
    baseline: 'Plans lived in a folder.',
    category: 'SEND_AND_INCLUSION',
    phase: 'PRIMARY',
    schools: [
      {
        urn: 900014, days: [192, 152, 139], pounds: 850, result: 'MET', after: 'One-page profiles, used in lessons that we looked at.', helpfulness: 4, mayBeAsked: true,
        words: 'She spent the day in classrooms and none of it in the folder.',
      },
      {
        urn: 900030, days: [174, 133, 119], pounds: 425, result: 'NOT_MET', after: 'A good report; we have not made the time.', helpfulness: 2,
        words: 'The fault was ours: we lost our SENCO half way and the plan stood still.',
      },
      {
        urn: 900003, days: [163, 124, 110], pounds: 425, result: 'MET', after: 'Each teacher could say it without looking it up.', helpfulness: 4,
        words: 'Right for a small school with mixed-age classes.',
      },
    ],
  },
  {
    provider: 'maths-hub',
    objective: 'Every class works on the same idea at the same time, and nobody waits at the top.',
    baseline: 'Four groups in each class; a gap that grew with age.',
    category: 'CURRICULUM_AND_SUBJECTS',
    phase: 'PRIMARY',
    schools: [
      { urn: 900028, days: [205, 125, 111], pounds: 0, result: 'TOO_EARLY', after: 'Lessons have changed; results come next summer.', helpfulness: 4, words: 'The lead teacher made the year.' },
      { urn: 900008, days: [198, 127, 114], pounds: 0, result: 'TOO_EARLY', after: 'Teachers are surer of themselves.', helpfulness: 3, words: 'It takes more planning time than we had set aside.' },
      { urn: 900015, days: [187, 119, 105], pounds: 0, result: 'PARTLY', after: 'Settled in Key Stage 1; Key Stage 2 has begun.', helpfulness: 3, words: 'Steady, and well organised from the hub’s side.' },
    ],
  },
  {
    provider: 'haque',
    objective: 'Pastoral staff have a plan that they trust for pupils who have stopped coming.',
    baseline: 'Everybody did their best and nobody did the same.',
    category: 'BEHAVIOUR_AND_ATTENDANCE',
    phase: 'SECONDARY',
    schools: [
      { urn: 900012, days: [186, 146, 132], pounds: 1440, result: 'MET', after: 'One plan on a page, used by five tutors.', helpfulness: 4, words: 'Wise and practical.', mayBeAsked: true },
      { urn: 900031, days: [169, 126, 112], pounds: 720, result: 'PARTLY', after: 'Mornings are easier; whole days are not yet.', helpfulness: 3, words: 'Good advice, and honest about how long it takes.' },
      { urn: 900019, days: [159, 118, 103], pounds: 720, result: 'TOO_EARLY', after: 'The plan is two weeks old.', helpfulness: 3, words: 'We think that it will help.' },
    ],
  },
];
