// An operating system's scheduler in miniature: linked queues of packets, tasks of several kinds, dynamic dispatch.
class Packet {
  constructor(link, task, kind) { this.link = link; this.task = task; this.kind = kind; this.datum = 0; this.data = [0, 0, 0, 0]; }
  appendTo(queue) {
    this.link = null;
    if (queue === null) return this;
    let last = queue;
    while (last.link !== null) last = last.link;
    last.link = this;
    return queue;
  }
}

class Task {
  constructor(scheduler, id, priority, queue) {
    this.scheduler = scheduler;
    this.id = id;
    this.priority = priority;
    this.queue = queue;
    this.held = false;
    this.suspended = queue === null;
  }
  receive(packet) {
    this.queue = packet.appendTo(this.queue);
    this.suspended = false;
  }
  step() {
    let packet = null;
    if (this.queue !== null) {
      packet = this.queue;
      this.queue = packet.link;
    }
    this.work(packet);
  }
}

class IdleTask extends Task {
  constructor(scheduler, count) { super(scheduler, 0, 0, null); this.suspended = false; this.seed = 1; this.count = count; }
  work() {
    if (--this.count === 0) {
      this.held = true;
    } else if ((this.seed & 1) === 0) {
      this.seed >>= 1;
      this.scheduler.release(4);
    } else {
      this.seed = (this.seed >> 1) ^ 0xd008;
      this.scheduler.release(5);
    }
  }
}

class WorkerTask extends Task {
  constructor(scheduler, queue) { super(scheduler, 1, 1000, queue); this.target = 2; this.letter = 0; }
  work(packet) {
    if (packet === null) {
      this.suspended = true;
      return;
    }
    this.target = this.target === 2 ? 3 : 2;
    packet.task = this.target;
    packet.datum = 0;
    for (let i = 0; i < 4; i++) packet.data[i] = 65 + (this.letter = (this.letter + 1) % 26);
    const target = packet.task;
    packet.task = this.id;
    this.scheduler.send(target, packet);
  }
}

class HandlerTask extends Task {
  constructor(scheduler, id, priority, queue) { super(scheduler, id, priority, queue); this.works = null; this.devices = null; }
  work(packet) {
    if (packet !== null) {
      if (packet.kind === 1) this.works = packet.appendTo(this.works);
      else this.devices = packet.appendTo(this.devices);
    }
    if (this.works !== null) {
      const work = this.works;
      if (work.datum === 4) {
        this.works = work.link;
        this.scheduler.send(1, work);
        return;
      }
      if (this.devices !== null) {
        const device = this.devices;
        this.devices = device.link;
        device.datum = work.data[work.datum++];
        this.scheduler.send(this.id + 2, device, this.id);
        return;
      }
    }
    if (this.queue === null) this.suspended = true;
  }
}

class DeviceTask extends Task {
  constructor(scheduler, id, priority) { super(scheduler, id, priority, null); this.pending = null; }
  work(packet) {
    if (packet !== null) {
      this.pending = packet.appendTo(this.pending);
      this.held = true;
    } else if (this.pending !== null) {
      const done = this.pending;
      this.pending = done.link;
      this.scheduler.send(this.id - 2, done);
    } else {
      this.suspended = true;
    }
  }
}

class Scheduler {
  constructor() { this.tasks = []; this.sent = 0; this.released = 0; }
  add(task) { this.tasks.push(task); }
  task(id) { return this.tasks.find((task) => task.id === id); }
  send(id, packet) {
    this.sent++;
    this.task(id).receive(packet);
  }
  release(id) {
    const task = this.task(id);
    if (task.held) this.released++;
    task.held = false;
    task.suspended = false;
  }
  run() {
    let steps = 0;
    for (;;) {
      let chosen = null;
      for (const task of this.tasks) {
        if (!task.held && !task.suspended && (chosen === null || task.priority > chosen.priority)) chosen = task;
      }
      if (chosen === null) return steps;
      chosen.step();
      steps++;
    }
  }
}

function run() {
  const scheduler = new Scheduler();
  scheduler.add(new IdleTask(scheduler, 3000));
  scheduler.add(new WorkerTask(scheduler, new Packet(new Packet(null, 1, 1), 1, 1)));
  for (const id of [2, 3]) {
    let queue = null;
    for (let i = 0; i < 3; i++) queue = new Packet(queue, id + 2, 0);
    scheduler.add(new HandlerTask(scheduler, id, 2000 + id, queue));
    scheduler.add(new DeviceTask(scheduler, id + 2, 4000 + id));
  }
  const steps = scheduler.run();
  return steps * 31 + scheduler.sent * 7 + scheduler.released;
}
