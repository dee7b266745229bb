// Compares what azd deploys with dev and prod, parameter by parameter, and holds the table of infra/README.md to it:
//   node infra/tool/parity.mjs table TEMPLATE README AZD DEV PROD   what the table does not say, or says wrongly; exit code 1
//   node infra/tool/parity.mjs settings README                      the table's variables with prod's values, as NAME=VALUE
//   node infra/tool/parity.mjs same TEMPLATE AZD PROD               what differs; exit code 1
// TEMPLATE, AZD, DEV and PROD are JSON as 'bicep build' and 'bicep build-params' write it.
import { readFileSync } from 'node:fs';

const json = file => JSON.parse(readFileSync(file, 'utf8'));
const none = '–';

// Every value of a parameter file by its path. A parameter that the file leaves out has the template's default; what is empty is none.
function values(template, file) {
  const result = new Map();
  const put = (path, value) => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      for (const [name, member] of Object.entries(value)) put(`${path}.${name}`, member);
    else result.set(path, value === null || value.length === 0 ? none : Array.isArray(value) ? value.join(',') : String(value));
  };
  const given = json(file).parameters;
  for (const [name, { defaultValue }] of Object.entries(json(template).parameters))
    if (given[name] !== undefined) put(name, given[name].value);
    else if (typeof defaultValue === 'object') put(name, defaultValue);
  return result;
}

// The rows of the one table that begins with "| parameter |". Backquotes are for the reader.
function rows(readme) {
  const lines = readFileSync(readme, 'utf8').split('\n');
  const first = lines.findIndex(line => line.startsWith('| parameter |'));
  const end = lines.findIndex((line, i) => i > first && !line.startsWith('|'));
  if (first < 0) throw new Error(`${readme} has no table of parameters`);
  return lines.slice(first + 2, end).map(line => {
    const [path, variable, azd, dev, prod] = line.split('|').slice(1, -1).map(cell => cell.trim().replaceAll('`', ''));
    return { path: path.split(/[, ]/)[0], variable: /^[A-Z_]+$/.test(variable) ? variable : null, azd, dev, prod };
  });
}

function checkTable(template, readme, ...files) {
  const table = rows(readme);
  const faults = [];
  for (const [i, deployment] of ['azd', 'dev', 'prod'].entries()) {
    const actual = values(template, files[i]);
    for (const [path, value] of actual)
      if (value !== none && !table.some(row => row.path === path)) faults.push(`${deployment} sets ${path}, which the table does not name`);
    for (const row of table) {
      const [said, value] = [row[deployment], actual.get(row.path) ?? none];
      if (said === '*its name*' || said === '*must be set*') continue;
      const expected = said === '*as set*' ? process.env[row.variable] || none : said;
      if (value !== expected) faults.push(`${row.path} of ${deployment} is ${value}, and the table says ${expected}`);
    }
  }
  return faults;
}

function differences(template, ...files) {
  const [azd, prod] = files.map(file => values(template, file));
  const of = (map, path) => map.get(path) ?? none;
  return [...new Set([...azd.keys(), ...prod.keys()])]
    .filter(path => of(azd, path) !== of(prod, path))
    .map(path => `${path}: ${of(azd, path)} with azd, ${of(prod, path)} in prod`);
}

const [mode, ...files] = process.argv.slice(2);
if (mode === 'settings')
  for (const { variable, prod } of rows(files[0])) {
    if (variable && !prod.startsWith('*')) console.log(`${variable}=${prod === none ? '' : prod}`);
  }
else {
  const faults = mode === 'table' ? checkTable(...files) : differences(...files);
  console.log(faults.join('\n'));
  process.exitCode = faults.length > 0 ? 1 : 0;
}
