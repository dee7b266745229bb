// Asks the queries of the log alerts in a snapshot over emulated log rows. The query is taken from the snapshot and parsed: what it says
// is what is evaluated, and what this small reader of KQL does not know is an error. Two ways to call it:
//   node infra/tool/alerts.mjs SNAPSHOT                 every alert over cases/logs.json: prints what it counts or misses, exit code 1
//   node infra/tool/alerts.mjs SNAPSHOT ALERT < ROWS    prints the measure of one alert over rows (JSON, as in cases/logs.json)
import { readFileSync } from 'node:fs';

const columns = {
  StorageBlobLogs: ['TimeGenerated', 'AccountName', 'Category', 'OperationName', 'StatusCode', 'StatusText', 'AuthenticationType', 'Uri'],
  StorageQueueLogs: ['TimeGenerated', 'AccountName', 'Category', 'OperationName', 'StatusCode', 'StatusText', 'AuthenticationType', 'Uri'],
  AppTraces: ['TimeGenerated', 'SeverityLevel', 'Message'],
  AppExceptions: ['TimeGenerated', 'SeverityLevel', 'OuterMessage'],
  AZKVAuditLogs: ['TimeGenerated', '_ResourceId', 'OperationName', 'Identity'],
};
const now = Date.parse('2026-11-28T09:00:00Z');
const units = { s: 1e3, m: 6e4, h: 36e5, d: 864e5 };
const span = text => Number(text.slice(0, -1)) * units[text.at(-1)];

// As KQL compares: without case, but for ==, in and what ends with _cs.
const lower = value => String(value).toLowerCase();
const comparisons = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  startswith: (a, b) => lower(a).startsWith(lower(b)),
  startswith_cs: (a, b) => String(a).startsWith(b),
  endswith: (a, b) => lower(a).endsWith(lower(b)),
  contains: (a, b) => lower(a).includes(lower(b)),
  '!contains': (a, b) => !lower(a).includes(lower(b)),
};
const functions = {
  ago: milliseconds => now - milliseconds,
  toint: value => (/^-?\d+$/.test(value) ? Number(value) : null),
  tostring: value => String(value ?? ''),
  parse_url: value => ({ Path: decodeURIComponent(new URL(value).pathname) }),
};

// The value of a query over rows: { table: [row, …] } → the one row of its summarize.
function evaluate(query, tables) {
  const token = /\s*('(?:[^'\\]|\\.)*'|\d+[smhd]\b|\d+|!?[A-Za-z_]\w*|==|!=|>=|<=|[|(),.=<>])/gy;
  const tokens = [...query.matchAll(token)].map(match => match[1]);
  if (tokens.join('') !== query.replace(/\s+(?=(?:[^']*'[^']*')*[^']*$)/g, '')) throw new Error(`not understood: ${query}`);
  let at = 0;
  const next = () => tokens[at++];
  const take = token => (tokens[at] === token ? (at++, true) : false);
  const need = token => {
    if (!take(token)) throw new Error(`'${token}' expected, not '${tokens[at]}': ${query}`);
  };

  function either() {
    let left = both();
    while (take('or')) left = ((a, b) => row => a(row) || b(row))(left, both());
    return left;
  }
  function both() {
    let left = comparison();
    while (take('and')) left = ((a, b) => row => a(row) && b(row))(left, comparison());
    return left;
  }
  function comparison() {
    const left = value();
    if (take('in')) {
      const choices = list();
      return row => choices.some(choice => choice(row) === left(row));
    }
    const compare = Object.hasOwn(comparisons, tokens[at] ?? '') ? comparisons[next()] : null;
    if (!compare) return left;
    const right = value();
    return row => compare(left(row), right(row));
  }
  function list() {
    const values = [];
    need('(');
    do values.push(value());
    while (take(','));
    need(')');
    return values;
  }
  function value() {
    const token = next();
    let result;
    if (token === '(') {
      result = either();
      need(')');
    } else if (token.startsWith("'")) result = () => token.slice(1, -1);
    else if (/^\d+[smhd]$/.test(token)) result = () => span(token);
    else if (/^\d+$/.test(token)) result = () => Number(token);
    else if (tokens[at] === '(') {
      const [name, values] = [token, list()];
      if (!Object.hasOwn(functions, name)) throw new Error(`unknown function ${name}: ${query}`);
      result = row => functions[name](...values.map(argument => argument(row)));
    } else
      result = row => {
        if (!(token in row)) throw new Error(`no column ${token}: ${query}`);
        return row[token];
      };
    while (take('.')) result = ((of, member) => row => of(row)[member])(result, next());
    return result;
  }
  function pipe() {
    const table = next();
    if (!Object.hasOwn(columns, table)) throw new Error(`unknown table ${table}: ${query}`);
    return steps((tables[table] ?? []).map(row => ({ ...Object.fromEntries(columns[table].map(name => [name, null])), ...row })));
  }
  function steps(rows) {
    while (take('|')) {
      const step = next();
      if (step === 'where') rows = rows.filter(either());
      else if (step === 'extend') {
        const name = next();
        need('=');
        const of = either();
        rows = rows.map(row => ({ ...row, [name]: of(row) }));
      } else if (step === 'summarize') {
        const name = next();
        for (const token of ['=', 'count', '(', ')']) need(token);
        rows = [{ [name]: rows.length }];
      } else throw new Error(`unknown step ${step}: ${query}`);
    }
    return rows;
  }
  function source() {
    if (!take('union')) return pipe();
    for (const token of ['isfuzzy', '=', 'true']) need(token);
    const rows = [];
    do {
      need('(');
      rows.push(...pipe());
      need(')');
    } while (take(','));
    return steps(rows);
  }

  const result = source();
  if (at !== tokens.length) throw new Error(`not understood from '${tokens[at]}' on: ${query}`);
  return result;
}

const [snapshotFile, asked] = process.argv.slice(2);
const resources = JSON.parse(readFileSync(snapshotFile, 'utf8')).predictedResources;
const ofType = type => resources.filter(resource => resource.type === type);
const accounts = ofType('Microsoft.Storage/storageAccounts');
const names = {
  archiveAccount: accounts.find(account => account.properties.isHnsEnabled).name,
  hostAccount: accounts.find(account => !account.properties.isHnsEnabled).name,
  vault: ofType('Microsoft.KeyVault/vaults')[0].name,
  app: '33333333-3333-3333-3333-333333333333',
};
names.container = ofType('Microsoft.Storage/storageAccounts/blobServices/containers')
  .filter(container => container.id.includes(`/${names.archiveAccount}/`))
  .map(container => container.name.split('/').at(-1))
  .sort((a, b) => a.length - b.length)[0];
const named = text => text.replace(/\{(\w+)\}/g, (whole, name) => names[name] ?? whole);

// A row as the service would log it. "age" and "Path" stand for what follows from them.
function logged({ age, Path, ...row }, table) {
  const service = table === 'StorageQueueLogs' ? 'queue' : 'blob';
  const text = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? named(value) : value]));
  const uri = Path === undefined ? {} : { Uri: `https://${text.AccountName}.${service}.core.windows.net:443${encodeURI(named(Path))}` };
  return { ...text, ...uri, TimeGenerated: now - span(age) };
}

const alerts = new Map(
  ofType('Microsoft.Insights/scheduledQueryRules').map(({ name, properties }) => {
    const { query, metricMeasureColumn } = properties.criteria.allOf[0];
    // Where the identity's id is known only to the deployment, the query is the text in an expression.
    const format = /^\[replace\('((?:[^']|'')*)', '\{app\}'/.exec(query);
    const text = format ? format[1].replaceAll("''", "'").replaceAll('{app}', names.app) : query;
    return [name, { query: text.trim(), measure: metricMeasureColumn }];
  }),
);
function measured(alert, rows, table) {
  const { query, measure } = alerts.get(alert);
  const result = evaluate(query, { [table]: rows.map(row => logged(row, table)) });
  if (result.length !== 1 || typeof result[0][measure] !== 'number') throw new Error(`${alert}: not one row with ${measure}`);
  return result[0][measure];
}

const cases = JSON.parse(readFileSync(new URL('../cases/logs.json', import.meta.url), 'utf8'));
if (asked) {
  const { table, row } = cases[asked];
  console.log(measured(asked, JSON.parse(readFileSync(0, 'utf8')).map(given => ({ ...row, ...given })), table));
} else {
  const faults = [];
  for (const alert of alerts.keys()) if (!cases[alert]) faults.push(`${alert}: no emulated logs in cases/logs.json`);
  for (const [alert, { table, row, counts, ignored }] of Object.entries(cases)) {
    if (!alerts.has(alert)) continue;
    if (measured(alert, [], table) !== 0) faults.push(`${alert}: counts something in an empty table`);
    const measure = rows => measured(alert, rows.map(given => ({ ...row, ...given })), table);
    for (const [what, rows] of Object.entries(counts)) if (measure(rows) !== rows.length) faults.push(`${alert}: does not count ${what}`);
    for (const [what, rows] of Object.entries(ignored))
      for (const given of rows) if (measure([given]) !== 0) faults.push(`${alert}: counts ${what}: ${JSON.stringify(given)}`);
  }
  console.log(faults.join('\n'));
  process.exitCode = faults.length > 0 ? 1 : 0;
}
