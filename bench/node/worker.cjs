// The worker of the reference engine's WebAssembly build: "oso-js" is the published library, "oso-wasm" the engine alone, driven by
// the smallest host there can be, whose objects and fields are terms made beforehand. The commands are those of package worker.
//
//	node worker.cjs oso-js|oso-wasm
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');

const VERSION = JSON.parse(fs.readFileSync(path.join(__dirname, 'node_modules/oso/package.json'))).version;

// ---------------------------------------------------------------- answers

// verify compares an answer with the one the problem must have, both written as JSON.
function verify(problem, answer) {
  const got = problem.partial && Array.isArray(answer) ? numbers(answer) : answer;
  if (JSON.stringify(got) !== JSON.stringify(problem.want)) {
    throw new Error(`${problem.rule} gave ${JSON.stringify(got).slice(0, 200)}, want ${JSON.stringify(problem.want).slice(0, 200)}`);
  }
}

// numbers returns the integers in conditions, sorted, wherever they are.
function numbers(conditions) {
  const found = [];
  const walk = v => {
    if (typeof v === 'number') found.push(v);
    else if (v instanceof Map) for (const x of v.values()) walk(x);
    else if (v && typeof v === 'object') for (const x of Object.values(v)) walk(x);
  };
  conditions.forEach(walk);
  return found.sort((a, b) => a - b);
}

const isObject = v => v && typeof v === 'object' && v.$class !== undefined;
const isVariable = v => v && typeof v === 'object' && v.$variable !== undefined;

// ---------------------------------------------------------------- the library

function library(problem) {
  const { Oso, Relation, Variable } = require('oso');
  const oso = new Oso();
  const classes = new Map();
  const classOf = name => {
    if (!classes.has(name)) classes.set(name, { [name]: class {} }[name]);
    return classes.get(name);
  };
  for (const c of problem.classes) {
    const fields = {};
    for (const [name, r] of Object.entries(c.one || {})) fields[name] = new Relation('one', r.Other, r.My, r.Their);
    oso.registerClass(classOf(c.name), { name: c.name, fields });
  }
  const value = v => {
    if (Array.isArray(v)) return v.map(value);
    if (isVariable(v)) return new Variable(v.$variable);
    if (!isObject(v)) return v;
    const o = new (classOf(v.$class || 'Unregistered'))();
    for (const [name, x] of Object.entries(v.fields)) o[name] = value(x);
    return o;
  };
  const args = problem.args.map(value);
  const load = () => {
    oso.clearRules();
    return oso.loadStr(problem.policy);
  };
  const list = async () => {
    const values = [];
    for await (const result of oso.queryRule({ acceptExpression: problem.partial }, problem.rule, ...args)) {
      values.push(result.get(problem.read));
      if (values.length === problem.take) break;
    }
    return values;
  };
  const decide = () => oso.queryRuleOnce(problem.rule, ...args);
  return {
    ready: load,
    run: problem.load ? load : problem.read === '' || problem.decided ? decide : list,
    answer: async () => {
      if (problem.load) await load();
      return problem.read === '' ? decide() : list();
    },
  };
}

// ---------------------------------------------------------------- the engine alone

function engine(problem) {
  const { Polar } = require(path.join(path.dirname(require.resolve('oso')), 'polar_wasm_api.js'));
  const polar = new Polar();
  polar.setIgnoreNoAllowWarning(true);
  const classes = new Map(); // by name: id, ancestors, relations
  const objects = new Map(); // by id: class, fields as terms, elements of lists
  const external = (id, name, classId) => ({
    value: { ExternalInstance: { instance_id: id, constructor: undefined, repr: name, class_repr: name, class_id: classId } },
  });
  const nil = polar.newId();
  polar.registerConstant('nil', external(nil, 'nil', undefined));
  const builtin = ['Boolean', 'Integer', 'Float', 'String', 'List', 'Dictionary'];
  for (const c of [...builtin.map(name => ({ name })), ...problem.classes]) {
    const id = polar.newId();
    classes.set(c.name, { id, one: c.one || {} });
    polar.registerConstant(c.name, external(id, `<class ${c.name}>`, id));
    polar.registerMro(c.name, [id]);
  }
  const made = new Map(); // an object that two others hold is one
  const term = v => {
    if (Array.isArray(v)) return { value: { List: v.map(term) } };
    if (isVariable(v)) return { value: { Variable: v.$variable } };
    if (isObject(v)) {
      if (!made.has(v)) {
        const id = polar.newId();
        const fields = {};
        for (const [name, x] of Object.entries(v.fields)) fields[name] = x === null ? external(nil, 'nil', undefined) : term(x);
        objects.set(id, { class: v.$class, fields });
        made.set(v, external(id, v.$class || 'Unregistered', classes.has(v.$class) ? classes.get(v.$class).id : undefined));
      }
      return made.get(v);
    }
    switch (typeof v) {
      case 'boolean':
        return { value: { Boolean: v } };
      case 'number':
        return { value: { Number: { Integer: v } } };
      default:
        return { value: { String: v } };
    }
  };
  const goal = { value: { Call: { name: problem.rule, args: problem.args.map(term), kwargs: undefined } } };
  const isa = (t, tag) => {
    const v = t.value;
    if (v.ExternalInstance) {
      const o = objects.get(v.ExternalInstance.instance_id);
      return !!o && o.class === tag;
    }
    if (v.Number) return tag === (v.Number.Integer !== undefined ? 'Integer' : 'Float');
    const kind = { String: 'String', Boolean: 'Boolean', List: 'List', Dictionary: 'Dictionary' }[Object.keys(v)[0]];
    return kind === tag;
  };
  const value = t => {
    const v = t.value;
    if (v.Number) return v.Number.Integer;
    if (v.String !== undefined) return v.String;
    if (v.List) return v.List.map(value);
    return v;
  };
  // solve calls found with each result until it returns false.
  const solve = found => {
    const query = polar.newQueryFromTerm(goal);
    for (;;) {
      const event = query.nextEvent();
      if (event === 'None') continue;
      const kind = Object.keys(event)[0];
      const data = event[kind];
      switch (kind) {
        case 'Done':
          query.free();
          return;
        case 'Result':
          if (!found(data.bindings)) {
            query.free();
            return;
          }
          break;
        case 'ExternalCall': {
          const o = objects.get(data.instance.value.ExternalInstance.instance_id);
          const answer = o && o.fields[data.attribute];
          if (answer === undefined) query.appError(`no ${data.attribute}`);
          query.callResult(data.call_id, answer);
          break;
        }
        case 'ExternalIsa':
          query.questionResult(data.call_id, isa(data.instance, data.class_tag));
          break;
        case 'ExternalIsaWithPath': {
          let tag = data.base_tag;
          for (const f of data.path) {
            const r = tag && classes.get(tag).one[f.value.String];
            tag = r && r.Other;
          }
          query.questionResult(data.call_id, tag === data.class_tag);
          break;
        }
        case 'ExternalIsSubclass':
          query.questionResult(data.call_id, data.left_class_tag === data.right_class_tag);
          break;
        case 'ExternalIsSubSpecializer':
          query.questionResult(data.call_id, false);
          break;
        case 'ExternalOp': {
          const [a, b] = data.args.map(t => t.value.ExternalInstance && t.value.ExternalInstance.instance_id);
          query.questionResult(data.call_id, (a !== undefined && a === b) === (data.operator === 'Eq'));
          break;
        }
        default:
          throw new Error(`event ${kind}`);
      }
    }
  };
  const drain = () => {
    while (polar.nextMessage() !== undefined); // warnings
  };
  const load = () => {
    polar.clearRules();
    polar.load([{ src: problem.policy, filename: 'policy.polar' }]);
    drain();
  };
  const decide = () => {
    let answer = false;
    solve(() => {
      answer = true;
      return false;
    });
    return answer;
  };
  const list = () => {
    const values = [];
    solve(bindings => {
      const t = bindings instanceof Map ? bindings.get(problem.read) : bindings[problem.read];
      values.push(problem.partial ? t : value(t));
      return values.length !== problem.take;
    });
    return values;
  };
  return {
    ready: load,
    run: problem.load ? load : problem.read === '' || problem.decided ? decide : list,
    answer: () => {
      if (problem.load) load();
      return problem.read === '' ? decide() : list();
    },
  };
}

// ---------------------------------------------------------------- commands

const prepare = { 'oso-js': library, 'oso-wasm': engine }[process.argv[2]];
if (!prepare) {
  process.stderr.write('usage: node worker.cjs oso-js|oso-wasm\n');
  process.exit(2);
}

let problem, job;

async function answer(command) {
  const [verb, ...args] = command;
  switch (verb) {
    case 'hello':
      return { name: process.argv[2], version: VERSION };
    case 'prepare':
      job = undefined;
      problem = JSON.parse(fs.readFileSync(args[1], 'utf8'));
      job = prepare(problem);
      if (!problem.load) await job.ready();
      verify(problem, await job.answer());
      return {};
    case 'memory': {
      const m = process.memoryUsage();
      return { heap: m.heapUsed + m.external, rss: m.rss };
    }
    case 'check':
      verify(problem, await job.answer());
      return {};
    case 'run': {
      const { run } = job;
      const cpu = process.cpuUsage();
      const wall = process.hrtime.bigint();
      for (let n = Number(args[0]); n > 0; n--) {
        const r = run();
        if (r instanceof Promise) await r;
      }
      const took = Number(process.hrtime.bigint() - wall);
      const used = process.cpuUsage(cpu);
      return { cpu: (used.user + used.system) * 1000, wall: took };
    }
    case 'parallel':
      return { cannot: 'one thread' };
  }
  return { error: `unknown command ${verb}` };
}

(async () => {
  console.log = console.warn = console.error; // what the library prints is no reply
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let reply;
    try {
      reply = await answer(line.trim().split(/\s+/));
    } catch (e) {
      reply = { error: String((e && e.message) || e).slice(0, 500) };
    }
    process.stdout.write(JSON.stringify(reply) + '\n');
  }
})();
