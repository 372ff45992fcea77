import fc from 'fast-check';
import { placeOf } from '../../src/schools/import/place.js';
import { runs } from '../support/runs.js';

const EARTH = 6_371_009;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Metres on a sphere. */
function greatCircle(a: { latitude: number; longitude: number }, b: { latitude: number; longitude: number }): number {
  const [lat1, lat2] = [radians(a.latitude), radians(b.latitude)];
  const h = Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(h));
}

test('a point with published co-ordinates lies within 5 metres of them', () => {
  const place = placeOf('651410', '313177')!; // the water tower of Caister, 52°39′28.72″N 1°42′57.79″E
  expect(greatCircle(place, { latitude: 52.657979, longitude: 1.716052 })).toBeLessThan(5);
});

test('distances over the ground and on the grid agree to a hundredth, all over England', () => {
  const point = fc.record({ easting: fc.integer({ min: 85_000, max: 655_000 }), northing: fc.integer({ min: 8_000, max: 655_000 }) });
  fc.assert(
    fc.property(point, point, (a, b) => {
      const [from, to] = [a, b].map(({ easting, northing }) => placeOf(String(easting), String(northing))!);
      const onGrid = Math.hypot(a.easting - b.easting, a.northing - b.northing);
      expect(Math.abs(greatCircle(from!, to!) - onGrid)).toBeLessThan(5 + onGrid / 100);
    }),
    { numRuns: runs(5000) },
  );
});

test.each([
  ['0', '0'],
  ['', ''],
  ['475000', ''],
  ['unknown', '319000'],
  ['-475000', '319000'],
  ['700000', '319000'],
  ['475000', '1300000'],
  ['4750000', '319000'],
])('%j, %j is no place in Great Britain', (easting, northing) => expect(placeOf(easting, northing)).toBeNull());

test('a part of a metre does not matter', () => {
  expect(placeOf('475000.4', '318999.6')).toEqual(placeOf('475000', '319000'));
});
