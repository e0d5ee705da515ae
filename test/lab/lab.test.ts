import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must, run } from './command.ts';
import { startLab, type Lab } from './lab.ts';
import { labMissing } from './packages.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)(`lab${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let lab: Lab;
  beforeAll(async () => {
    console.time('up');
    lab = await startLab({ hosts: 2 });
    console.timeEnd('up');
  }, 300_000);
  afterAll(async () => { console.time('down'); await lab?.stop(); console.timeEnd('down'); }, 60_000);

  const ssh = (user: string, ip: string): string[] => ['ssh', '-i', lab.keyFile, '-o', `UserKnownHostsFile=${lab.knownHosts}`, '-o', 'StrictHostKeyChecking=yes', '-o', 'BatchMode=yes', `${user}@${ip}`];
  test('logs in', async () => {
    for (const host of lab.hosts) {
      for (const user of ['root', 'deploy', 'secret', 'nosudo']) expect(await must([...ssh(user, host.ip), 'hostname; id -un'])).toBe(`${host.name}\n${user}\n`);
      console.log(await run([...ssh('deploy', host.ip), 'sudo id; sudo modprobe overlay; echo $?']));
      console.log(await run([...ssh('secret', host.ip), 'sudo -n id; echo lab-password | sudo -S id']));
      console.log(await run([...ssh('nosudo', host.ip), 'sudo -n id; echo lab-password | sudo -S id']));
      console.log(await host.run('hostname; systemctl is-system-running --wait; systemctl --failed; cat /proc/1/cgroup; time systemctl restart ssh; time reboot'));
    }
    await lab.hosts[0]!.reboot();
    expect(await must([...ssh('root', lab.hosts[0]!.ip), 'hostname'])).toBe('h01\n');
    console.log(lab.inventory());
  }, 60_000);
});
