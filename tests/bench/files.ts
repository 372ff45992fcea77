import { writeFileSync } from 'node:fs';
import { Chance } from '../../src/demo/chance.js';

const LAS = 150;
const towns = ['Ashby', 'Bramley', 'Corfield', 'Denholme', 'Elmstead', 'Farnley', 'Grimston', 'Hatherley', 'Ilsworth', 'Kelby'];
const endings = ['Primary School', 'Church of England Primary School', 'Infant School', 'Academy', 'High School', 'Community College'];
const areaName = (i: number) => `${towns[i % towns.length]}shire ${Math.floor(i / towns.length) + 1}`;

/** Writes a GIAS extract of so many made-up schools, with the usual columns. */
export function writeExtract(file: string, schools: number): void {
  const head =
    'URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),PhaseOfEducation (name),StatutoryLowAge,StatutoryHighAge,' +
    'Gender (name),ReligiousCharacter (name),Street,Locality,Town,County (name),Postcode,SchoolWebsite,GOR (name),Easting,Northing,Trusts (code),Trusts (name)';
  const chance = new Chance(`extract of ${schools}`);
  const rows = Array.from({ length: schools }, (_, i) => {
    const la = chance.between(0, LAS - 1);
    const town = chance.pick(towns);
    const secondary = chance.once(6);
    const academy = chance.once(3);
    const trust = chance.between(1, 900);
    return [
      100_000 + i, 201 + la, areaName(la), 2000 + (i % 4000), `${town} ${chance.pick(endings)} ${i}`, academy ? 'Academy converter' : 'Community school', chance.once(9) ? 'Closed' : 'Open',
      secondary ? 'Secondary' : 'Primary', secondary ? 11 : 4, secondary ? 18 : 11, 'Mixed', chance.once(3) ? 'Church of England' : 'Does not apply', `${chance.between(1, 200)} School Lane`, '', town,
      areaName(la), `ZZ${1 + (i % 90)} ${i % 10}AB`, `www.school-${i}.example`, 'East Midlands', chance.between(400_000, 500_000), chance.between(250_000, 350_000),
      academy ? trust : '', academy ? `Trust ${trust}` : '',
    ];
  });
  write(file, head, rows);
}

/** Writes a spreadsheet of so many made-up providers with three listings each, some for named areas of the extract. */
export function writeSpreadsheet(file: string, providers: number): void {
  const head = 'Provider,Kind,Summary,Website,Contact name,Contact email,Listing,Listing summary,Delivery,Phase,Subject,Coverage,Categories,Keywords,Price,Unit,VAT';
  const chance = new Chance(`spreadsheet of ${providers}`);
  const subjects = ['English', 'Maths', 'Science', 'Phonics', 'History', 'Music'];
  const rows = Array.from({ length: providers * 3 }, (_, i) => {
    const [provider, subject] = [Math.floor(i / 3), subjects[i % subjects.length]!];
    const coverage = chance.once(3) ? 'ALL' : chance.several(Array.from({ length: LAS }, (_, la) => areaName(la)), 5).join(';');
    return [
      `Provider ${provider} Support`, 'company', 'Helps schools with teaching.', `https://provider-${provider}.example`, 'Sam Example', `sam@provider-${provider}.example`, `${subject} support ${i % 3}`,
      `A programme for ${subject.toLowerCase()}.`, chance.pick(['online', 'face to face']), chance.pick(['Primary', 'Secondary']), subject, coverage, 'Curriculum and subjects', 'coaching;training', 100 + (i % 400), 'day', 'added',
    ];
  });
  write(file, head, rows);
}

const write = (file: string, head: string, rows: readonly unknown[][]) => writeFileSync(file, `${head}\n${rows.map((row) => row.join(',')).join('\n')}\n`);
