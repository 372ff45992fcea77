import proj4 from 'proj4';

/** A point on the British National Grid, in metres, and the same in degrees of WGS 84. */
export interface Place {
  easting: number;
  northing: number;
  latitude: number;
  longitude: number;
}

// OSGB36 by the seven-parameter shift to WGS 84, good to about 5 metres anywhere in Great Britain.
const NATIONAL_GRID =
  '+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy ' +
  '+towgs84=446.448,-125.157,542.06,0.1502,0.247,0.8421,-20.4894 +units=m +no_defs';
const toDegrees = proj4(NATIONAL_GRID, 'WGS84');

const WIDTH = 700_000;
const HEIGHT = 1_300_000;

const NORTH = [49.8, 60.9] as const;
const EAST = [-8.7, 1.8] as const;

/** The place of a point in degrees of WGS 84; null for what is none, and outside Great Britain. */
export function placeOfDegrees(latitude: string, longitude: string): Place | null {
  const [north, east] = [latitude, longitude].map((text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN)) as [number, number];
  if (!(north >= NORTH[0] && north <= NORTH[1] && east >= EAST[0] && east <= EAST[1])) return null;
  const [easting, northing] = toDegrees.inverse([east, north]) as [number, number];
  return placeOf(String(Math.round(easting)), String(Math.round(northing)));
}

/** The place of a grid reference; null for what is none, for 0/0 and for what lies outside the grid of Great Britain. */
export function placeOf(easting: string, northing: string): Place | null {
  const [e, n] = [easting, northing].map((text) => (/^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text)) : 0)) as [number, number];
  if (e <= 0 || n <= 0 || e >= WIDTH || n >= HEIGHT) return null;
  const [longitude, latitude] = toDegrees.forward([e, n]) as [number, number];
  return { easting: e, northing: n, latitude: rounded(latitude), longitude: rounded(longitude) };
}

/** A sixth decimal is a tenth of a metre. */
const rounded = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
