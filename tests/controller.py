"""A real Slurm on this machine: munged, slurmctld and one slurmd, run by whoever runs the tests.

`cred_expire`, 120 s by default, is also how long a requeued job waits before it starts again.
"""

import getpass
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = (
    "munged",
    "slurmctld",
    "slurmd",
    "sbatch",
    "srun",
    "squeue",
    "scancel",
    "scontrol",
    "sinfo",
)

CONFIGURATION = """\
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=20
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SwitchType=switch/none
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=1
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
MinJobAge=3600
ReturnToService=2
KillWait=5
GresTypes=gpu
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory_mb} Gres=gpu:{gpus}
PartitionName=cpu Nodes={host} Default=YES MaxTime=INFINITE OverSubscribe=NO
PartitionName=gpu Nodes={host} MaxTime=INFINITE OverSubscribe=NO
"""


def missing() -> list[str]:
    """Return the programs of Slurm that are not installed."""
    path = os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/sbin"])
    return [name for name in PROGRAMS if shutil.which(name, path=path) is None]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(true, what: str, seconds: float = 60) -> None:
    """Return as soon as `true()` is; fail after so many seconds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s in vain: {what}"
        time.sleep(0.25)


def write_command(path: Path, body: str) -> None:
    """Write a command of a few lines of shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


class Controller:
    """A cluster of one node in a folder.

    Parameters
    ----------
    folder : Path
        Holds its configuration, state and logs; its path must be short, for a socket.
    cpus, memory_mb, gpus : int
        What the node says that it has, whatever this machine has.
    """

    def __init__(self, folder: Path, cpus: int = 8, memory_mb: int = 64000, gpus: int = 2) -> None:
        self.folder = folder
        self.host = socket.gethostname().partition(".")[0]
        for name in ("state", "spool"):
            (folder / name).mkdir(parents=True)
        folder.chmod(0o755)
        configuration = CONFIGURATION.format(
            folder=folder,
            host=self.host,
            user=getpass.getuser(),
            controller_port=free_port(),
            node_port=free_port(),
            cpus=cpus,
            memory_mb=memory_mb,
            gpus=gpus,
        )
        (folder / "slurm.conf").write_text(configuration)
        devices = [folder / f"gpu{number}" for number in range(gpus)]
        for device in devices:
            device.symlink_to("/dev/null")
        (folder / "gres.conf").write_text("".join(f"Name=gpu File={each}\n" for each in devices))
        path = os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/sbin"])
        self.commands = folder / "bin"
        # The plugin forgets SLURM_CONF on its way into a job; a site has its own in /etc/slurm.
        for name in PROGRAMS:
            own = shutil.which(name, path=path)
            self.command(name, f'SLURM_CONF={folder}/slurm.conf exec {own} "$@"')
        self.environment = os.environ | {"PATH": os.pathsep.join([str(self.commands), path])}
        self.processes: dict[str, subprocess.Popen] = {}

    def command(self, name: str, body: str) -> None:
        """Put a command of one line of shell before whatever else has its name."""
        write_command(self.commands / name, body)

    def start(self) -> None:
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        names = ("key-file", "pid-file", "log-file", "seed-file", "socket")
        files = [f"--{name}={self.folder}/munge.{name.removesuffix('-file')}" for name in names]
        self._run("munged", "--foreground", "--force", *files)
        wait_until((self.folder / "munge.socket").exists, "munged has no socket")
        self.start_controller()
        self._run("slurmd", "-D")
        wait_until(lambda: self.state() == "IDLE", "the node is not idle")

    def start_controller(self) -> None:
        self._run("slurmctld", "-D")
        wait_until(self.answers, "slurmctld does not answer")

    def stop_controller(self) -> None:
        self._stop("slurmctld")

    def stop(self) -> None:
        for name in reversed(list(self.processes)):
            self._stop(name)

    def _run(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.out").open("ab") as said:
            self.processes[name] = subprocess.Popen(
                [name, *arguments],
                env=self.environment,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def _stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def ask(self, *command: str) -> str:
        """Return what one of Slurm's commands says; fail if it fails."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def answers(self) -> bool:
        ping = subprocess.run(
            ["scontrol", "ping"], env=self.environment, capture_output=True, text=True
        )
        return " is UP" in ping.stdout

    def state(self) -> str:
        """Return the node's state, such as `IDLE` or `MIXED+DRAIN`."""
        return re.search(r"State=(\S+)", self.ask("scontrol", "show", "node", self.host))[1]

    def jobs(self, *states: str) -> list[dict[str, str]]:
        """Return Slurm's jobs in one of these states (default: any), the finished ones too."""
        fields = {"id": "%i", "partition": "%P", "state": "%T", "rule": "%k", "tres": "%b"}
        fields |= {"cpus": "%C", "memory": "%m", "minutes": "%l", "started": "%S", "end": "%e"}
        said = self.ask(
            *("squeue", "--noheader", "--sort=i", f"--states={','.join(states) or 'all'}"),
            f"--format={'|'.join(fields.values())}",
        )
        return [dict(zip(fields, line.split("|"), strict=True)) for line in said.splitlines()]
