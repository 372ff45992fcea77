import { FERNSHIRE, trusts, WEXBOURNE } from './places.js';
import type { PersonContent } from './shapes.js';

/** Of each LA: the officer who checks providers, and the one who enters the council's own services. */
export const officers: Record<string, { checks: string; enters: string }> = {
  [FERNSHIRE]: { checks: 'officer@fernshire.example', enters: 'quality@fernshire.example' },
  [WEXBOURNE]: { checks: 'officer@wexbourne.example', enters: 'quality@wexbourne.example' },
};
export const SYSTEM_ADMIN = 'admin@signpost.example';

/** Everybody who is neither the head of a school nor the contact of a provider: those are made from the two. */
export const people: PersonContent[] = [
  { name: 'Rowena Blythe', email: 'officer@fernshire.example', role: 'LA_OFFICER', title: 'Head of school improvement', la: FERNSHIRE },
  { name: 'Tariq Mansfield', email: 'quality@fernshire.example', role: 'LA_OFFICER', title: 'Quality assurance officer', la: FERNSHIRE },
  { name: 'Ottilie Grant', email: 'officer@wexbourne.example', role: 'LA_OFFICER', title: 'Education partnerships manager', la: WEXBOURNE },
  { name: 'Ines Baptiste', email: 'quality@wexbourne.example', role: 'LA_OFFICER', title: 'School standards officer', la: WEXBOURNE },
  { name: 'Moira Tennant', email: 'sip@fernshire.example', role: 'SIP', title: 'School Improvement Partner', la: FERNSHIRE },
  { name: 'Desmond Achebe', email: 'sip2@fernshire.example', role: 'SIP', title: 'School Improvement Partner', la: FERNSHIRE },
  { name: 'Gillian Frear', email: 'sip@wexbourne.example', role: 'SIP', title: 'School Improvement Partner', la: WEXBOURNE },
  { name: 'Anil Deshpande', email: SYSTEM_ADMIN, role: 'SYSTEM_ADMIN', title: 'Signpost administrator' },
  { name: 'Margaret Oyelaran', email: 'ceo@ossing-trust.example', role: 'TRUST_LEAD', title: 'Chief executive', trust: trusts.ossing.id },
  { name: 'Philip Garraway', email: 'ceo@weaver-trust.example', role: 'TRUST_LEAD', title: 'Chief executive', trust: trusts.weaver.id },
  { name: 'Sister Agnes Corrigan', email: 'ceo@cuthman-trust.example', role: 'TRUST_LEAD', title: 'Trust leader', trust: trusts.cuthman.id },
  { name: 'Bill Stapleford', email: 'chair@skelby.example', role: 'SCHOOL_LEAD', title: 'Chair of governors', school: 900005 },
  { name: 'Joan Merriman', email: 'chair@otterholme.example', role: 'SCHOOL_LEAD', title: 'Chair of governors', school: 900004 },
  { name: 'Paula Kendrick', email: 'business@haverleigh-college.example', role: 'SCHOOL_LEAD', title: 'School business manager', school: 900012 },
  { name: 'Owen Trask', email: 'business@brackenby-college.example', role: 'SCHOOL_LEAD', title: 'School business manager', school: 900019 },
  { name: 'Leah Dorrington', email: 'senco@otterholme.example', role: 'SCHOOL_STAFF', title: 'SENCO', school: 900004 },
  { name: 'Kofi Asante', email: 'maths@haverleigh-college.example', role: 'SCHOOL_STAFF', title: 'Head of mathematics', school: 900012 },
  { name: 'Beth Rainsford', email: 'deputy@skelby.example', role: 'SCHOOL_LEAD', title: 'Deputy head', school: 900005, waiting: true },
  { name: 'Marcus Elphick', email: 'office@ledgerwood.example', role: 'PROVIDER_EDITOR', title: 'Client services', provider: 'ledgerwood' },
  { name: 'Abi Fenton', email: 'events@fw-mathshub.example', role: 'PROVIDER_EDITOR', title: 'Programme co-ordinator', provider: 'maths-hub' },
];

/** The schools of each SIP. */
export const assignments: Record<string, number[]> = {
  'sip@fernshire.example': [900001, 900002, 900003, 900004, 900005, 900008, 900009, 900034],
  'sip2@fernshire.example': [900012, 900014, 900015, 900018, 900019, 900020, 900031],
  'sip@wexbourne.example': [900035, 900037, 900039, 900040],
};

export interface DemoPerson {
  role: string;
  name: string;
  email: string;
  /** What is worth trying when signed in as this person: a sentence or two. */
  toTry: string;
}

/** Whom to sign in as: one for each role. */
export const demoPeople: DemoPerson[] = [
  {
    role: 'School Improvement Partner',
    name: 'Moira Tennant',
    email: 'sip@fernshire.example',
    toTry: 'Sign off what Skelby wants to agree, answer a colleague’s question, and see the visits, shortlists and referrals of her eight schools. Search for “phonics catch up in year 3” as if on a visit.',
  },
  {
    role: 'Head',
    name: 'Ruth Pemberton',
    email: 'head@otterholme.example',
    toTry: 'Answer her SIP’s referral and a provider’s question, read two sealed proposals side by side, rate support that is over, and answer Open Page, who ask Otterholme Primary to recommend them.',
  },
  {
    role: 'Chair of governors',
    name: 'Bill Stapleford',
    email: 'chair@skelby.example',
    toTry: 'Open or withdraw the request that the SIP has drafted; see the one that he chose go to sign-off, and how the school’s phonics turned out. Confirm or refuse Beth Rainsford, who asked to become a lead.',
  },
  {
    role: 'School business manager',
    name: 'Paula Kendrick',
    email: 'business@haverleigh-college.example',
    toTry: 'Compare two proposals whose prices stand differently to VAT, see what the council’s limits ask for, and choose one. She has raised a concern about two invoiced days.',
  },
  {
    role: 'School staff',
    name: 'Leah Dorrington',
    email: 'senco@otterholme.example',
    toTry: 'She is named in a confidential request that not every lead sees: answer the question of a provider who does not learn which school asks, and read the proposals.',
  },
  {
    role: 'Trust lead',
    name: 'Margaret Oyelaran',
    email: 'ceo@ossing-trust.example',
    toTry: 'Change the trust’s purchase limits, which hold for its academies in place of the council’s; see which of them vouch for whom, and why none can vouch for another of them.',
  },
  {
    role: 'LA officer',
    name: 'Rowena Blythe',
    email: 'officer@fernshire.example',
    toTry: 'Resolve the concern that Nether Tarrow has passed on, see the need that was not met, decide about the flagged recommendation of Tallow & Finch, confirm Marlholme’s independence, and complete the insurance check that holds back Bracken & Bough.',
  },
  {
    role: 'Provider, listed',
    name: 'Jill Farrant',
    email: 'jill@farrant-reading.example',
    toTry: 'Answer an invitation, confirm what Sallowby has recorded, reply to a rating, and look at the evidence that schools have given. Take a listing down and publish it again, and watch the search follow.',
  },
  {
    role: 'Provider, awaiting recommendations',
    name: 'Hugh Lessing',
    email: 'hugh@open-page.example',
    toTry: 'Confirm, or not, what Long Stanyon has recorded; see what stands between Open Page and being listed, and who must act; invite another school.',
  },
  {
    role: 'Provider’s editor',
    name: 'Marcus Elphick',
    email: 'office@ledgerwood.example',
    toTry: 'Answer an invitation to propose and a concern about two invoiced days, and edit Ledgerwood’s listings; inviting schools to recommend is left to its administrator.',
  },
  {
    role: 'Head and provider',
    name: 'Catherine Whitlock',
    email: 'head@market-ossing.example',
    toTry: 'She leads Market Ossing Primary, which is asked to join a request of two partner schools, and offers its peer reviews to others, one of whom invites it: the same person on both sides, never for her own school.',
  },
  {
    role: 'System administrator',
    name: 'Anil Deshpande',
    email: 'admin@signpost.example',
    toTry: 'Confirm what the sixth form has recorded with Second Sitting, whose entry he keeps; enter a national programme with who assured it, and a link.',
  },
];
