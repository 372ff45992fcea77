import { links } from '../links.js';
import { everyOfficer, leadsOf, officersOf, peopleOfProvider, schoolPeopleOf, systemAdmins } from '../roles.js';
import { audience, because, nobody, type ProcessNotices, tell } from '../telling.js';

interface Known {
  id: string;
  name: string;
}
const knows = { id: 'p.id', name: 'p.name' };

export const providerPeople = audience<Known>('Provider.people', { from: 'provider p', id: 'p.id', to: peopleOfProvider('p.id'), knows });

export const providerOfficers = audience<Known>('Provider.officers', { from: 'provider p', id: 'p.id', to: officersOf('p.assuring_la', { provider: 'p.id' }), knows });

/** Who decides about it: its officers; system administrators where no LA assures it, or all its officers have an interest. */
const deciders = audience<Known>('Provider.deciders', {
  from: 'provider p',
  id: 'p.id',
  to: `${officersOf('p.assuring_la', { provider: 'p.id' })}
       UNION ALL SELECT admin.* FROM (${systemAdmins}) admin WHERE p.assurance = 'NATIONAL' OR officers_lacking(p.id) IS NOT NULL`,
  knows,
});

/** Officers who may check it, who learn too whose name its own is like. */
export const officersWhoCheck = audience<Known & { likeOthers: string }>('Provider.officersWhoCheck', {
  from: 'provider p',
  id: 'p.id',
  to: officersOf('p.assuring_la', { provider: 'p.id' }),
  knows: { ...knows, likeOthers: `array_to_string(p.alike_names, ', ')` },
});

/** A suspension is every LA’s business, why it was is not. */
const everyLa = audience<Known>('Provider.everyLa', { from: 'provider p', id: 'p.id', to: everyOfficer, knows });

/** The schools that have open work with it, of each those who see that work. */
const schoolsAtWork = audience<Known>('Provider.schoolsAtWork', {
  from: 'provider p',
  id: 'p.id',
  to: `SELECT told.* FROM request r CROSS JOIN LATERAL (${schoolPeopleOf('r', 'request')}) told
       WHERE r.state = 'OPEN' AND EXISTS (SELECT FROM invitation i WHERE i.request_id = r.id AND i.provider_id = p.id AND i.state IN ('SENT', 'OPENED', 'RESPONDED'))
       UNION ALL
       SELECT told.* FROM engagement e CROSS JOIN LATERAL (${schoolPeopleOf('e', 'engagement')}) told
       WHERE e.provider_id = p.id AND e.state IN ('AWAITING_SIGN_OFF', 'AGREED', 'IN_PROGRESS')`,
  knows,
});

/** Its people, with the local authority that assures it now. */
const assuredElsewhere = audience<Known & { la: string }>('Provider.assuredElsewhere', {
  from: 'provider p JOIN local_authority la ON la.code = p.assuring_la',
  id: 'p.id',
  to: peopleOfProvider('p.id'),
  knows: { ...knows, la: 'la.name' },
});

/** Leads of the schools whose recommendation of it stands. */
const recommenders = audience<Known & { formerName: string }>('Provider.recommenders', {
  from: 'provider p',
  id: 'p.id',
  to: `SELECT told.* FROM recommendation r CROSS JOIN LATERAL (${leadsOf('r.school_urn')}) told WHERE r.provider_id = p.id AND r.state IN ('GIVEN', 'FLAGGED')`,
  knows: {
    ...knows,
    formerName: `coalesce((SELECT c.before #>> '{}' FROM field_change c WHERE c.object_id = p.id AND c.field = 'name' ORDER BY c.id DESC LIMIT 1), p.name)`,
  },
});

/** Whom it has named as its contact, and who have just been told: they do not belong to it. */
const namedContacts = audience<Known>('Provider.namedContacts', {
  from: 'provider p',
  id: 'p.id',
  to: `SELECT named.person_id, 'PERSON' AS as_kind, named.person_id::text AS as_id FROM named_contact c JOIN known_by named ON named.mailbox = c.mailbox
       WHERE c.provider_id = p.id AND c.denied_at IS NULL AND c.told_at = (SELECT max(told_at) FROM named_contact WHERE provider_id = p.id)`,
  knows,
});

const isListed = tell(providerPeople, 'AT_ONCE', ({ id, name }) => ({
  subject: `${name} is listed`,
  text: `${name} is in the directory: schools can find what you offer from now on.`,
  link: links.provider(id),
}));

/** Of one that an appeal has overturned. */
const suspensionOver = [
  tell(everyLa, 'AT_ONCE', ({ id, name }) => ({ subject: `The suspension of ${name} has ended`, text: `The suspension of ${name} has been overturned on appeal.`, link: links.provider(id) })),
  tell(schoolsAtWork, 'AT_ONCE', ({ id, name }) => ({
    subject: `The suspension of ${name} has ended`,
    text: `The suspension of ${name}, with whom you have something open, has been overturned.`,
    link: links.provider(id),
  })),
];

export const providerNotices: ProcessNotices = {
  process: 'Provider',
  transitions: {
    register: nobody('A draft is its own people’s, and whoever registers it knows.'),
    import: nobody('An imported provider has no people here yet; its officers import it.'),
    complete: [
      tell(officersWhoCheck, 'DIGEST', ({ id, name, likeOthers }) => ({
        subject: `${name} waits for its checks`,
        text: `${name} has finished its profile and wants to be listed. Your local authority assures it.`,
        expected: `Check its safeguarding statement, insurance and interests.${likeOthers ? ` Confirm its name, or speak with it: it is like that of ${likeOthers}.` : ''}`,
        link: links.checks(id),
      })),
    ],
    reassign: [
      tell(assuredElsewhere, 'AT_ONCE', ({ id, name, la }) => ({
        subject: `${la} assures ${name} from now on`,
        text: `The local authority that assured ${name} has been reorganised. ${la} has taken its place: your checks, recommendations and listings go on.`,
        link: links.provider(id),
      })),
    ],
    confirmName: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }) => ({
        subject: `The name ${name} is confirmed`,
        text: `An officer has confirmed that ${name} is your name, although it is like another.`,
        link: links.wayToBeingListed(id),
      })),
    ],
    holdBack: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }) => ({
        subject: `An officer looks at ${name} first`,
        text: `Something about ${name} is the same as in a provider that was suspended, so an officer looks at it before it is listed.`,
        link: links.wayToBeingListed(id),
      })),
      tell(deciders, 'AT_ONCE', ({ id, name }) => ({
        subject: `${name} is like a provider that was suspended`,
        text: `${name} has people, the school, the name, the address or the website of a provider that was suspended. Its page shows which, and why that was suspended.`,
        expected: 'Let it be listed, or speak with it. It is not listed before.',
        link: links.provider(id),
      })),
    ],
    confirmReturn: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }, step) => ({
        subject: `${name} may be listed`,
        text: `An officer has looked at ${name}: it need not wait because it is like one that was suspended.${because(step)}`,
        link: links.wayToBeingListed(id),
      })),
    ],
    publishCouncilService: [isListed],
    publishNationalProgramme: [isListed],
    list: [
      isListed,
      tell(providerOfficers, 'DIGEST', ({ id, name }) => ({
        subject: `${name} is listed`,
        text: `${name} has its recommendations and checks, and is listed now.`,
        link: links.provider(id),
      })),
    ],
    lapse: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }, step) => ({
        subject: `${name} is not listed any more`,
        text: `${
          step.reason ?? `Something that ${name} needs in order to be listed is gone: a recommendation, a check, the last published listing or a part of its profile.`
        } Schools do not find it meanwhile; work that is agreed goes on.`,
        expected: 'See what is missing. It is listed again by itself once all is there.',
        link: links.wayToBeingListed(id),
      })),
      tell(providerOfficers, 'DIGEST', ({ id, name }) => ({
        subject: `${name} has lapsed`,
        text: `${name} no longer has all that being listed needs.`,
        link: links.provider(id),
      })),
    ],
    nameContact: [
      tell(namedContacts, 'AT_ONCE', ({ id, name }) => ({
        subject: `${name} names you as its contact`,
        text: `${name} has written your e-mail address where it says whom schools can talk to. Whoever is its contact cannot recommend it or decide about it.`,
        expected: 'Nothing, if that is so. If you are not its contact, say so.',
        link: links.notItsContact(id),
      })),
    ],
    denyContact: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }) => ({
        subject: `Whom ${name} names is not its contact`,
        text: `Somebody whose e-mail address you have written where ${name} says whom schools can talk to says that they are not its contact.`,
        expected: 'Name somebody of your own.',
        link: links.provider(id),
      })),
    ],
    proposeChanges: [
      tell(deciders, 'DIGEST', ({ id, name }) => ({
        subject: `${name} wants to change what was checked`,
        text: `${name} has written another name, safeguarding statement or declaration of interests, or who assured it. What was checked stays public meanwhile.`,
        expected: 'Read the change, and confirm or refuse it.',
        link: links.provider(id),
      })),
    ],
    confirmChanges: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }) => ({
        subject: `The change of the profile of ${name} is confirmed`,
        text: `An officer has confirmed what you wanted to change. It is public now.`,
        link: links.provider(id),
      })),
    ],
    refuseChanges: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }, step) => ({
        subject: `The change of the profile of ${name} is refused`,
        text: `An officer has refused what you wanted to change. What was checked stays public.${because(step)}`,
        link: links.provider(id),
      })),
    ],
    rename: [
      tell(recommenders, 'AT_ONCE', ({ id, name, formerName }) => ({
        subject: `${formerName} is called ${name} now`,
        text: `${formerName}, which your school recommends, is called ${name} from now on. Your recommendation stands under the new name.`,
        expected: 'If it is no longer whom you recommended, take the recommendation back.',
        link: links.provider(id),
      })),
    ],
    suspend: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }, step) => ({
        subject: `${name} has been suspended`,
        text: `${name} has been suspended. Schools do not find it, and it can neither be invited nor chosen meanwhile.${because(step)}`,
        expected: 'Speak with the local authority that assures you.',
        link: links.provider(id),
      })),
      tell(everyLa, 'AT_ONCE', ({ id, name }) => ({
        subject: `${name} has been suspended`,
        text: `${name} has been suspended by who assures it. New invitations and choices have stopped. Ask the local authority that assures it if schools of yours work with it.`,
        link: links.provider(id),
      })),
      tell(schoolsAtWork, 'AT_ONCE', ({ name }) => ({
        subject: `${name} cannot be chosen at present`,
        text: `${name}, with whom you have something open, is suspended from the directory while its local authority looks into a matter. That says nothing yet about the outcome. It can be neither invited nor chosen meanwhile; you decide about work that is agreed already.`,
        link: links.notices,
      })),
    ],
    reinstate: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }, step) => ({
        subject: `${name} is listed again`,
        text: `The suspension of ${name} has ended, and schools can find it again.${because(step)}`,
        link: links.provider(id),
      })),
      tell(everyLa, 'DIGEST', ({ id, name }) => ({ subject: `${name} is listed again`, text: `The suspension of ${name} has ended.`, link: links.provider(id) })),
      tell(schoolsAtWork, 'AT_ONCE', ({ id, name }) => ({
        subject: `${name} can be chosen again`,
        text: `The suspension of ${name}, with whom you have something open, has ended.`,
        link: links.provider(id),
      })),
    ],
    reinstateAsLapsed: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }, step) => ({
        subject: `The suspension of ${name} has ended`,
        text: `The suspension of ${name} has ended, but something that being listed needs is missing now.${because(step)}`,
        expected: 'See what is missing. It is listed again by itself once all is there.',
        link: links.wayToBeingListed(id),
      })),
      tell(everyLa, 'DIGEST', ({ id, name }) => ({
        subject: `The suspension of ${name} has ended`,
        text: `The suspension of ${name} has ended. It is not listed yet, since something that this needs is missing.`,
        link: links.provider(id),
      })),
      tell(schoolsAtWork, 'AT_ONCE', ({ id, name }) => ({
        subject: `The suspension of ${name} has ended`,
        text: `The suspension of ${name}, with whom you have something open, has ended. It is not listed yet, so it cannot be invited anew; what is open goes on.`,
        link: links.provider(id),
      })),
    ],
    reinstateOnAppeal: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }) => ({
        subject: `${name} is listed again`,
        text: `The suspension of ${name} has been overturned, and schools can find it again.`,
        link: links.provider(id),
      })),
      ...suspensionOver,
    ],
    reinstateAsLapsedOnAppeal: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }) => ({
        subject: `The suspension of ${name} has been overturned`,
        text: `The suspension of ${name} has been overturned, but something that being listed needs is missing now.`,
        expected: 'See what is missing. It is listed again by itself once all is there.',
        link: links.wayToBeingListed(id),
      })),
      ...suspensionOver,
    ],
    withdraw: [
      tell(providerPeople, 'AT_ONCE', ({ id, name }) => ({
        subject: `${name} has left the directory`,
        text: `A colleague has taken ${name} out of the directory for good.`,
        link: links.provider(id),
      })),
      tell(providerOfficers, 'DIGEST', ({ id, name }) => ({
        subject: `${name} has left the directory`,
        text: `${name} has left the directory for good.`,
        link: links.provider(id),
      })),
      tell(schoolsAtWork, 'AT_ONCE', ({ name }) => ({
        subject: `${name} has left the directory`,
        text: `${name}, with whom you have something open, has left the directory. It can be neither invited nor chosen any more; speak with them about work that is agreed already.`,
        link: links.notices,
      })),
    ],
  },
};
