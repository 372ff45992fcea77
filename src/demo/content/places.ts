export interface Town {
  easting: number;
  northing: number;
  /** First half of its postcodes. */
  district: string;
  la: string;
}

/** Two local authorities that do not exist: codes that England does not use, postcodes in an area that is not there. */
export const FERNSHIRE = '990';
export const WEXBOURNE = '991';

export const authorities = [
  { code: FERNSHIRE, name: 'Fernshire', region: 'East Midlands' },
  { code: WEXBOURNE, name: 'Wexbourne', region: 'East Midlands' },
];

/** Middle of each town on the British National Grid in metres, and the postcode district. */
export const towns: Record<string, Town> = {
  Haverleigh: { easting: 457200, northing: 301500, district: 'ZZ1', la: FERNSHIRE },
  Otterholme: { easting: 451800, northing: 289600, district: 'ZZ2', la: FERNSHIRE },
  Pennick: { easting: 449500, northing: 296800, district: 'ZZ2', la: FERNSHIRE },
  Winterby: { easting: 439800, northing: 295700, district: 'ZZ2', la: FERNSHIRE },
  'Great Wendle': { easting: 463900, northing: 292400, district: 'ZZ3', la: FERNSHIRE },
  'Little Wendle': { easting: 465300, northing: 291100, district: 'ZZ3', la: FERNSHIRE },
  'Market Ossing': { easting: 470800, northing: 309900, district: 'ZZ4', la: FERNSHIRE },
  Hethercote: { easting: 467600, northing: 314700, district: 'ZZ4', la: FERNSHIRE },
  Thrusley: { easting: 476200, northing: 297700, district: 'ZZ5', la: FERNSHIRE },
  Marlholme: { easting: 473900, northing: 303200, district: 'ZZ5', la: FERNSHIRE },
  Sallowby: { easting: 479300, northing: 306500, district: 'ZZ5', la: FERNSHIRE },
  Brackenby: { easting: 446300, northing: 311200, district: 'ZZ6', la: FERNSHIRE },
  'Cawdle Green': { easting: 447900, northing: 309400, district: 'ZZ6', la: FERNSHIRE },
  Skelby: { easting: 443100, northing: 303300, district: 'ZZ6', la: FERNSHIRE },
  'Nether Tarrow': { easting: 460400, northing: 315800, district: 'ZZ7', la: FERNSHIRE },
  'Upper Tarrow': { easting: 462000, northing: 317900, district: 'ZZ7', la: FERNSHIRE },
  'Tarrow Bridge': { easting: 458900, northing: 313300, district: 'ZZ7', la: FERNSHIRE },
  'Long Stanyon': { easting: 454600, northing: 318900, district: 'ZZ8', la: FERNSHIRE },
  Wexbourne: { easting: 486700, northing: 315600, district: 'ZZ20', la: WEXBOURNE },
};

export const trusts = {
  ossing: { id: '99001', name: 'Ossing Vale Learning Trust' },
  weaver: { id: '99002', name: 'Weaver’s Park Academies Trust' },
  cuthman: { id: '99003', name: 'St Cuthman Catholic Academy Trust' },
};

export const federations = {
  wendle: { id: '98001', name: 'The Wendle Federation' },
  haverleigh: { id: '98002', name: 'Haverleigh Infant and Junior Federation' },
};

export const partnerships = [
  { name: 'Wendle Valley Partnership', la: FERNSHIRE, schools: [900001, 900002, 900003, 900004, 900026, 900034] },
  { name: 'Haverleigh Family of Schools', la: FERNSHIRE, schools: [900008, 900009, 900010, 900011, 900012, 900020, 900022, 900023] },
  { name: 'Brackenby Learning Community', la: FERNSHIRE, schools: [900005, 900017, 900018, 900019, 900021, 900033] },
  { name: 'Wexbourne Schools’ Network', la: WEXBOURNE, schools: [900035, 900036, 900037, 900038, 900039, 900040] },
];
