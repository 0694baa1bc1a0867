// The heat map: evidence on a coarse grid, drawn without steps over the picture.

const SIDE = 96; // pixels of the canvas, which the browser stretches
const RAMP = [[91,32,95], [153,38,101], [211,60,77], [247,111,27], [254,173,43], [247,231,133]]; // from faint to strong, lightness rising evenly

// Weights of four neighbours at a place between the second and the third (cubic B-spline).
function weights(t) {
  const u = 1 - t;
  return [u ** 3 / 6, (3 * t ** 3 - 6 * t ** 2 + 4) / 6, (3 * u ** 3 - 6 * u ** 2 + 4) / 6, t ** 3 / 6];
}

function between(line, place) {
  const start = Math.floor(place);
  return weights(place - start).reduce((sum, weight, i) => {
    const nearest = Math.min(line.length - 1, Math.max(0, start - 1 + i));
    return sum + weight * line[nearest];
  }, 0);
}

function spread(rows, across, down) {
  const lines = rows.map(row => Array.from({length: across}, (_, x) => between(row, (x + 0.5) / across * row.length - 0.5)));
  const columns = lines[0].map((_, x) => lines.map(line => line[x]));
  return Array.from({length: down}, (_, y) => columns.map(column => between(column, (y + 0.5) / down * column.length - 0.5)));
}

function colour(share) {
  const place = Math.min(share, 0.9999) * (RAMP.length - 1), start = Math.floor(place);
  return RAMP[start].map((low, i) => low + (RAMP[start + 1][i] - low) * (place - start));
}

export function drawHeat(canvas, {values, strongest, box: [left, top, right, bottom]}) {
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext("2d"), picture = pen.createImageData(SIDE, SIDE);
  spread(values, SIDE, SIDE).flat().forEach((value, i) => {
    const share = Math.min(1, Math.max(0, value / strongest));
    picture.data.set([...colour(share), 255 * Math.sqrt(share)], 4 * i);
  });
  pen.putImageData(picture, 0, 0);
  Object.assign(canvas.style, {
    left: `${100 * left}%`, top: `${100 * top}%`,
    width: `${100 * (right - left)}%`, height: `${100 * (bottom - top)}%`,
  });
}
