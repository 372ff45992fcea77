import { maySign, nobodySigns } from '../../brokerage/index.js';
import { links } from '../links.js';
import { isOfBoth, leadsOf, officersOf, peopleOfProvider, schoolPeopleOf, signersOf, sipsOf } from '../roles.js';
import { audience, because, by, nobody, type ProcessNotices, type Step, tell, type Words } from '../telling.js';

interface Known {
  title: string;
  school: string;
  provider: string;
  /** Of a recorded one: the provider has yet to confirm that it was agreed. */
  unconfirmed: boolean;
  checksNeeded: boolean;
  /** The action that was added last. */
  newest: { what: string; owner: string; by: string | null } | null;
  /** What of this side's is due and not done. */
  due: string[];
  over: boolean;
  /** Whoever belongs to both sides is told, and nothing is expected of them. */
  ofBoth: boolean;
}
const from = 'engagement e JOIN school s ON s.urn = e.school_urn JOIN provider p ON p.id = e.provider_id';

const dueOf = (...owners: string[]) =>
  `SELECT 'Action: ' || a.what FROM engagement_action a WHERE a.engagement_id = e.id AND a.told_due AND a.done_at IS NULL AND a.owner IN ('${owners.join("', '")}')`;
const evidenceDue = `SELECT 'Evidence: ' || v.wanted FROM engagement_evidence v WHERE v.engagement_id = e.id AND v.told_due AND v.given_at IS NULL`;
const reviewDue = `
  SELECT 'Review' FROM engagement_review_date d WHERE d.engagement_id = e.id AND d.told_due
    AND NOT EXISTS (SELECT FROM engagement_review done WHERE done.engagement_id = e.id AND done.held_on >= d.due_on)`;
const knows = (due: string) => ({
  title: 'e.title',
  school: 's.name',
  provider: 'p.name',
  unconfirmed: `(e.origin = 'RECORDED' AND e.confirmed_at IS NULL)`,
  checksNeeded: '(e.pupils_concerned AND e.safeguarding_confirmed_at IS NULL)',
  newest: `(SELECT json_build_object('what', a.what, 'owner', a.owner, 'by', to_char(a.due_on, 'FMDD FMMonth YYYY')) FROM engagement_action a
            WHERE a.engagement_id = e.id ORDER BY a.created_at DESC, a.id DESC LIMIT 1)`,
  due: `ARRAY(${due})`,
  over: '(e.told_end AND e.finished_at IS NULL)',
  ofBoth: isOfBoth('told.person_id', 'e'),
});

export const engagementSchool = audience<Known>('Engagement.school', {
  from,
  id: 'e.id',
  about: 'coalesce(e.request_id, e.id)',
  to: schoolPeopleOf('e', 'engagement'),
  knows: knows(`${dueOf('SCHOOL')} UNION ALL ${evidenceDue} UNION ALL ${reviewDue}`),
});

/** Of a free resource that a school used its provider learns nothing. */
export const engagementProvider = audience<Known>('Engagement.provider', {
  from,
  id: 'e.id',
  about: 'coalesce(e.request_id, e.id)',
  to: peopleOfProvider('e.provider_id'),
  when: `e.origin <> 'FREE_RESOURCE'`,
  knows: knows(`${dueOf('PROVIDER')} UNION ALL ${evidenceDue}`),
});

/** The school's SIPs, of what it shares. */
export const engagementSips = audience<Known>('Engagement.sips', {
  from,
  id: 'e.id',
  about: 'coalesce(e.request_id, e.id)',
  to: sipsOf('e.school_urn'),
  when: 'e.shared_with_sip',
  knows: knows(dueOf('SIP')),
});

/** Who has to sign it off, while it waits for that. Whoever belongs to the school or the provider may not, and is not asked to. */
const signers = audience<Known>('Engagement.signers', {
  from,
  id: 'e.id',
  about: 'coalesce(e.request_id, e.id)',
  to: signersOf('s', 'e.provider_id'),
  when: `e.shared_with_sip AND (e.state = 'AWAITING_SIGN_OFF' OR e.sign_again) AND ${maySign('told.person_id', 'e.provider_id', 'e.school_urn')}`,
  knows: knows(dueOf('SIP')),
});

/** The school, of who signs: whether there is anybody who may. */
const waitingSchool = audience<Known & { signer: boolean }>('Engagement.waitingSchool', {
  from,
  id: 'e.id',
  about: 'coalesce(e.request_id, e.id)',
  to: schoolPeopleOf('e', 'engagement'),
  when: `(e.state = 'AWAITING_SIGN_OFF' OR e.sign_again)`,
  knows: {
    ...knows(`SELECT '' WHERE false`),
    signer: `EXISTS (SELECT FROM (${signersOf('s', 'e.provider_id')}) signing WHERE ${maySign('signing.person_id', 'e.provider_id', 'e.school_urn')})`,
  },
});

const unsigned = `e.shared_with_sip AND (e.state = 'AWAITING_SIGN_OFF' OR e.sign_again) AND ${nobodySigns('s', 'e.provider_id')}`;
/** SQL: the engagements that wait for a signature of which nobody is left who may give it. */
export const unsignedEngagements = `SELECT e.id FROM ${from} WHERE e.state IN ('AWAITING_SIGN_OFF', 'IN_PROGRESS') AND ${unsigned}`;
const withLa = `${from} JOIN local_authority la ON la.code = s.la_code`;
type Unsigned = Pick<Known, 'title' | 'school' | 'provider'> & { la: string };
const unsignedKnows = { title: 'e.title', school: 's.name', provider: 'p.name', la: 'la.name' };

/** The school’s people, and the officers without an interest, where nobody is left who may sign. */
export const unsignedSchool = audience<Unsigned>('Engagement.unsigned', {
  from: withLa,
  id: 'e.id',
  about: 'coalesce(e.request_id, e.id)',
  to: schoolPeopleOf('e', 'engagement'),
  when: unsigned,
  knows: unsignedKnows,
});
export const unsignedOfficers = audience<Unsigned>('Engagement.unsignedOfficers', {
  from: withLa,
  id: 'e.id',
  about: 'coalesce(e.request_id, e.id)',
  to: officersOf('s.la_code', { provider: 'e.provider_id', school: 's.urn' }),
  when: unsigned,
  knows: unsignedKnows,
});

/** Leads of the partner schools that take part. */
const partners = audience<Known & { partner: string }>('Engagement.partners', {
  from: `${from} JOIN engagement_school joint ON joint.engagement_id = e.id JOIN school partner ON partner.urn = joint.school_urn`,
  id: 'e.id',
  about: 'coalesce(e.request_id, e.id)',
  to: leadsOf('joint.school_urn'),
  knows: { ...knows(`SELECT '' WHERE false`), partner: 'partner.name' },
});

type Says = (known: Known, step: Step) => Omit<Words, 'link'> | null;
const said = (says: Says) => (known: Known, step: Step) => {
  const words = says(known, step);
  if (!words) return null;
  const { expected, ...told } = words;
  return { ...told, ...(expected && !known.ofBoth ? { expected } : {}), link: links.notices };
};
const school = (delivery: 'AT_ONCE' | 'DIGEST', says: Says) => tell(engagementSchool, delivery, said(says));
const provider = (delivery: 'AT_ONCE' | 'DIGEST', says: Says) => tell(engagementProvider, delivery, said(says));
const sip = (delivery: 'AT_ONCE' | 'DIGEST', says: Says) => tell(engagementSips, delivery, said(says));
const partner = (delivery: 'AT_ONCE' | 'DIGEST', says: Says) => tell(partners, delivery, said(says));

const bySchool = by('SCHOOL');
const byProvider = by('PROVIDER');
/** What one side of the two does is told to the other. */
const toTheOther = (delivery: 'AT_ONCE' | 'DIGEST', says: Says) => [
  provider(delivery, (known, step) => (byProvider(step) ? null : says(known, step))),
  school(delivery, (known, step) => (bySchool(step) ? null : says(known, step))),
];

const agreed: Says = ({ title, school, provider }) => ({ subject: `${school} has agreed support`, text: `${school} has chosen ${provider} for “${title}”.` });
const toSign = tell(signers, 'AT_ONCE', ({ title, school, provider }) => ({
  subject: `${school} waits for your signature`,
  text: `${school} wants to agree “${title}” with ${provider}. The school’s plan needs your sign-off before it can start.`,
  expected: 'Sign it off, or send it back and say why.',
  link: links.notices,
}));
const confirmPlease = 'Confirm that it was agreed, or say that it was not.';
const recorded: Says = ({ title, school }) => ({
  subject: `${school} has recorded support by you`,
  text: `${school} has recorded that it agreed “${title}” with you.`,
  expected: confirmPlease,
});
const started: Says = ({ title, school, provider }) => ({
  subject: `“${title}” has started`,
  text: `The support of ${provider} for ${school}, “${title}”, has started.`,
});
const isDue = (expected: string): Says => ({ title, due, over }) =>
  due.length === 0 && !over
    ? null
    : {
      subject: `Due today: “${title}”`,
      text: [`For “${title}”, this is due and not done yet:`, ...due.map((what) => `- ${what}`), ...(over ? ['- Its last day has passed.'] : [])].join('\n'),
      expected,
    };
const finished = (how: string): Says => ({ title, school, provider }, step) => ({
  subject: `“${title}” ${how}`,
  text: `“${title}”, the support of ${provider} for ${school}, ${how}.${because(step)}`,
});
const ended = finished('has ended early');

const accepted = [
  ...toTheOther('AT_ONCE', ({ title }) => ({ subject: `The change of “${title}” is accepted`, text: `The dates and the price of “${title}” are now as you proposed.` })),
  sip('DIGEST', ({ title, school }) => ({ subject: `“${title}” has changed`, text: `${school} and the provider have agreed other dates or another price for “${title}”.` })),
];
const signAgain = tell(signers, 'AT_ONCE', ({ title, school, provider }) => ({
  subject: `What ${school} asks you to sign has changed`,
  text: `The dates or the price of “${title}” with ${provider} have changed. The school’s plan needs your sign-off of what is agreed now.`,
  expected: 'Sign it off, or speak with the school.',
  link: links.notices,
}));
const signedOff = school('AT_ONCE', ({ title, provider }) => ({ subject: `“${title}” is signed off`, text: `The new price of “${title}” with ${provider} has been signed off.` }));

export const engagementNotices: ProcessNotices = {
  process: 'Engagement',
  transitions: {
    // The provider is told by the choice of its proposal.
    agree: [school('DIGEST', agreed), partner('DIGEST', agreed), sip('DIGEST', agreed)],
    agreeForSignOff: [toSign, school('DIGEST', agreed), partner('DIGEST', agreed)],
    record: [provider('AT_ONCE', recorded), sip('DIGEST', ({ title, school, provider }) => ({
      subject: `${school} has recorded support`,
      text: `${school} has agreed “${title}” with ${provider}.`,
    }))],
    recordForSignOff: [
      toSign,
      provider('AT_ONCE', ({ title, school }) => ({
        subject: `${school} has recorded support by you`,
        text: `${school} has recorded that it agreed “${title}” with you. It waits for the school’s sign-off; you can say already if it was not agreed.`,
      })),
    ],
    recordUse: nobody('Nobody agreed anything with the school: that it used a free resource is its own to know.'),
    signOff: [
      school('AT_ONCE', ({ title, provider }) => ({
        subject: `“${title}” is signed off`,
        text: `“${title}” with ${provider} has been signed off and can go ahead.`,
      })),
      provider('AT_ONCE', ({ title, school, unconfirmed }) => ({
        subject: `“${title}” can go ahead`,
        text: `What ${school} wants to agree with you, “${title}”, has been signed off.`,
        ...(unconfirmed ? { expected: confirmPlease } : {}),
      })),
    ],
    passSigning: [
      toSign,
      tell(waitingSchool, 'AT_ONCE', ({ title, provider, signer }) => ({
        subject: `Somebody else signs “${title}”`,
        text: `Your School Improvement Partner, or whoever stands in, has declared an interest in ${provider}, and does not sign “${title}”. ${signer ? 'Somebody without an interest is asked to sign it now.' : 'There is nobody else who could sign it.'}`,
        ...(signer ? {} : { expected: 'Ask an officer of your local authority to say who stands in, or to assign another School Improvement Partner.' }),
        link: links.notices,
      })),
    ],
    sendBack: [school('AT_ONCE', ({ title }, step) => ({
      subject: `“${title}” has been sent back`,
      text: `“${title}” has not been signed off yet.${because(step)}`,
      expected: 'Look at it again and speak with whoever signs, or end it.',
    }))],
    confirm: [school('AT_ONCE', ({ title, provider }) => ({
      subject: `${provider} confirms “${title}”`,
      text: `${provider} has confirmed that “${title}” was agreed.`,
    }))],
    disown: [
      school('AT_ONCE', ({ title, provider }, step) => ({
        subject: `${provider} says that “${title}” was not agreed`,
        text: `${provider} says that it has not agreed “${title}” with you, so it has ended here.${because(step)}`,
        expected: 'Speak with the provider. You can record it again.',
      })),
      sip('DIGEST', finished('has ended: the provider says that it was not agreed')),
    ],
    start: [...toTheOther('AT_ONCE', started), sip('DIGEST', started)],
    startOnDay: [school('DIGEST', started), provider('DIGEST', started), sip('DIGEST', started)],
    handOver: nobody('The end of the role tells whoever takes over; nobody else in the school saw it.'),
    fallDue: [
      school('DIGEST', isDue('Do it and tick it off. If the support is over, complete it.')),
      provider('DIGEST', ({ over: _over, ...known }, step) => isDue('Do it and tick it off.')({ ...known, over: false }, step)),
      sip('DIGEST', ({ over: _over, ...known }, step) => isDue('Do it and tick it off.')({ ...known, over: false }, step)),
    ],
    setObjectives: [provider('DIGEST', ({ title, school }) => ({
      subject: `The objectives of “${title}” have changed`,
      text: `${school} has changed what “${title}” is to reach.`,
    }))],
    addAction: [
      ...toTheOther('DIGEST', ({ title, newest }) => ({
        subject: `A new action in “${title}”`,
        text: `Agreed for “${title}”: ${newest!.what}${newest!.by ? `, by ${newest!.by}` : ''}. It is for ${OWNERS[newest!.owner]}.`,
      })),
      sip('DIGEST', ({ title, school, newest }) =>
        newest!.owner === 'SIP' ? {
          subject: `An action for you in “${title}”`,
          text: `${school} has agreed that you do this for “${title}”: ${newest!.what}${newest!.by ? `, by ${newest!.by}` : ''}.`,
          expected: 'Do it and tick it off.',
        } : null,
      ),
    ],
    completeAction: toTheOther('DIGEST', ({ title }) => ({ subject: `An action of “${title}” is done`, text: `An action of “${title}” has been ticked off.` })),
    addEvidence: [provider('DIGEST', ({ title, school }) => ({
      subject: `Evidence is wanted for “${title}”`,
      text: `${school} has said what is to show whether “${title}” worked.`,
    }))],
    giveEvidence: toTheOther('DIGEST', ({ title }) => ({
      subject: `There is new evidence for “${title}”`,
      text: `Evidence that was asked for in “${title}” has been given.`,
    })),
    setReviewDates: [
      provider('DIGEST', ({ title, school }) => ({ subject: `Review dates of “${title}”`, text: `${school} has set when it looks at how “${title}” goes.` })),
      sip('DIGEST', ({ title, school }) => ({ subject: `Review dates of “${title}”`, text: `${school} has set when it looks at how “${title}” goes.` })),
    ],
    addReview: [
      ...toTheOther('DIGEST', ({ title }) => ({ subject: `“${title}” has been reviewed`, text: `There is a new review of how “${title}” goes.` })),
      sip('DIGEST', ({ title, school }, step) => (bySchool(step) ? {
        subject: `${school} has reviewed “${title}”`,
        text: `There is a new review of how “${title}” goes.`,
      } : null)),
    ],
    setVisitors: [school('DIGEST', ({ title, provider }) => ({
      subject: `Who comes for “${title}”`,
      text: `${provider} has said who comes into the school for “${title}”.`,
    }))],
    confirmSafeguarding: [school('AT_ONCE', ({ title, provider }) => ({
      subject: `The checks for “${title}” are confirmed`,
      text: `${provider} has confirmed in writing the DBS and barred-list checks of those who come for “${title}”.`,
    }))],
    setPupilsConcerned: [
      provider('AT_ONCE', ({ title, school, checksNeeded }) =>
        checksNeeded
          ? {
            subject: `Checks are needed for “${title}”`,
            text: `${school} says that pupils are concerned by “${title}”, so it can start only once you have confirmed the checks of those who come.`,
            expected: 'Name who comes and confirm their DBS and barred-list checks.',
          }
          : { subject: `No checks are needed for “${title}”`, text: `${school} says that no pupils are concerned by “${title}”, or has your confirmation already.` },
      ),
    ],
    shareWithSip: [sip('DIGEST', ({ title, school, provider }) => ({
      subject: `${school} shares “${title}” with you`,
      text: `${school} shares what it has agreed with ${provider}.`,
    }))],
    stopSharing: nobody('The SIP no longer sees it, so no more is said of it.'),
    proposeChange: toTheOther('AT_ONCE', ({ title }, step) => ({
      subject: `Other dates or another price for “${title}”?`,
      text: `A change of what is agreed for “${title}” has been proposed.${because(step)}`,
      expected: 'Accept it or decline it. Nothing changes before you accept.',
    })),
    acceptChangeToSign: [signAgain, ...accepted],
    acceptChange: [signAgain, ...accepted],
    acceptChangeAsSigned: accepted,
    signOffAgain: [signedOff],
    declineChange: toTheOther('AT_ONCE', ({ title }, step) => ({ subject: `The change of “${title}” is declined`, text: `What was agreed for “${title}” stays as it was.${because(step)}` })),
    withdrawChange: toTheOther('DIGEST', ({ title }) => ({ subject: `The change of “${title}” is taken back`, text: `What was agreed for “${title}” stays as it was.` })),
    takeBackCompletion: [
      provider('AT_ONCE', finished('is not completed after all')),
      school('DIGEST', finished('is not completed after all')),
      partner('DIGEST', finished('is not completed after all')),
      sip('DIGEST', finished('is not completed after all')),
    ],
    complete: [
      provider('AT_ONCE', finished('is completed')),
      school('DIGEST', ({ title }) => ({
        subject: `“${title}” is completed`,
        text: `“${title}” is completed.`,
        expected: 'Say how it went: other schools go by it.',
      })),
      partner('DIGEST', finished('is completed')),
      sip('DIGEST', finished('is completed')),
    ],
    endEarly: [...toTheOther('AT_ONCE', ended), school('DIGEST', ended), partner('DIGEST', ended), sip('DIGEST', ended)],
  },
};

const OWNERS: Record<string, string> = { SCHOOL: 'the school', PROVIDER: 'the provider', SIP: 'the School Improvement Partner' };
