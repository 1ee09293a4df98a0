// A one-way constraint solver: chains of equalities and scalings with strengths, planned and executed.
class Variable {
  constructor(name, value) { this.name = name; this.value = value; this.constraints = []; this.determinedBy = null; this.mark = 0; this.strength = 9; }
}

class Constraint {
  constructor(strength) { this.strength = strength; }
  attach() { for (const variable of this.variables()) variable.constraints.push(this); }
  detach() {
    for (const variable of this.variables()) {
      const at = variable.constraints.indexOf(this);
      if (at >= 0) variable.constraints.splice(at, 1);
    }
  }
}

class Edit extends Constraint {
  constructor(variable, strength) { super(strength); this.variable = variable; this.attach(); }
  variables() { return [this.variable]; }
  output() { return this.variable; }
  ready() { return true; }
  execute() {}
}

class Equality extends Constraint {
  constructor(from, to, strength) { super(strength); this.from = from; this.to = to; this.attach(); }
  variables() { return [this.from, this.to]; }
  output() { return this.to; }
  ready(mark) { return this.from.mark === mark || this.from.determinedBy === null; }
  execute() { this.to.value = this.from.value; }
}

class Scale extends Equality {
  constructor(from, to, factor, offset, strength) { super(from, to, strength); this.factor = factor; this.offset = offset; }
  execute() { this.to.value = (this.from.value * this.factor + this.offset) % 65537; }
}

class Planner {
  constructor() { this.mark = 0; }
  plan(sources) {
    const mark = ++this.mark;
    const plan = [];
    const waiting = [...sources];
    while (waiting.length > 0) {
      const constraint = waiting.pop();
      const output = constraint.output();
      if (output.mark === mark || !constraint.ready(mark)) continue;
      if (output.determinedBy !== null && output.strength < constraint.strength) continue;
      output.mark = mark;
      output.determinedBy = constraint;
      output.strength = constraint.strength;
      plan.push(constraint);
      for (const next of output.constraints) if (next !== constraint && next.output() !== output) waiting.push(next);
    }
    return plan;
  }
}

function chain(length) {
  const planner = new Planner();
  const variables = Array.from({ length: length + 1 }, (_, i) => new Variable(`v${i}`, 0));
  for (let i = 0; i < length; i++) {
    if (i % 3 === 2) new Scale(variables[i], variables[i + 1], 3, i, 1);
    else new Equality(variables[i], variables[i + 1], 1);
  }
  let check = 0;
  for (let round = 0; round < 12; round++) {
    const edit = new Edit(variables[0], 0);
    const plan = planner.plan([edit]);
    for (let i = 0; i < 12; i++) {
      variables[0].value = i + round;
      for (const constraint of plan) constraint.execute();
      check = (check + variables[length].value) % 1000003;
    }
    edit.detach();
  }
  return check;
}

function run() {
  return chain(300);
}
