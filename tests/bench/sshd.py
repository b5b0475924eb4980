"""sshd.py - an sshd on loopback with keys of its own, for a Lab."""
import os
import pwd
import subprocess

from lab import Wire, free_port

SERVER = """
ListenAddress 127.0.0.1
Port {port}
HostKey {dir}/host
AuthorizedKeysFile {dir}/user.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
AcceptEnv GIT_PROTOCOL
SetEnv HOME={dir}
"""
CLIENT = """
Host *
IdentityFile {dir}/user
IdentitiesOnly yes
UserKnownHostsFile {dir}/known
GlobalKnownHostsFile /dev/null
StrictHostKeyChecking yes
BatchMode yes
"""


class Sshd:
    def __init__(self, lab):
        self.lab, self.dir, self.port = lab, lab.dir + "/ssh", free_port()
        self.user = pwd.getpwuid(os.getuid()).pw_name
        os.mkdir(self.dir, 0o700)
        for name in "host", "user":
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "%s/%s" % (self.dir, name)], check=True)
        self.write("server", SERVER)
        self.write("client", CLIENT)
        if os.getuid() == 0:
            os.makedirs("/run/sshd", 0o755, exist_ok=True)  # where sshd confines itself
        lab.server("/usr/sbin/sshd", "-D", "-e", "-f", self.dir + "/server")
        lab.wait(self.port)

    def write(self, name, text):
        with open("%s/%s" % (self.dir, name), "w") as f:
            f.write(text.format(dir=self.dir, port=self.port))

    def wire(self, rtt, mbit):
        wire = Wire(self.lab, self.port, rtt, mbit)
        wire.url = "ssh://%s@127.0.0.1:%d%s" % (self.user, wire.port, self.lab.repos)
        wire.env = {"GIT_SSH_COMMAND": "ssh -F %s/client" % self.dir}
        with open(self.dir + "/host.pub") as key, open(self.dir + "/known", "a") as known:
            known.write("[127.0.0.1]:%d %s\n" % (wire.port, key.read().strip()))
        return wire
