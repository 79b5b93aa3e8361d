package io.github.facemask.internal.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

  @TempDir Path root;

  private void file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void aContainerOfVersion2Limits() throws IOException {
    file("proc/self/cgroup", "0::/\n");
    file("sys/fs/cgroup/cpu.max", "150000 100000\n");
    file("sys/fs/cgroup/cpu.stat", "usage_usec 2500000\nuser_usec 1\n");
    file("sys/fs/cgroup/memory.max", "2147483648\n");

    ControlGroups groups = ControlGroups.read(root);

    assertThat(groups.cores()).hasValue(1.5);
    assertThat(groups.memory()).hasValue(2L << 30);
    assertThat(groups.usage()).contains(root.resolve("sys/fs/cgroup/cpu.stat"));
    assertThat(ControlGroups.seconds("usage_usec 2500000\nuser_usec 1\n")).hasValue(2.5);
  }

  @Test
  void ofNestedGroupsOfVersion2TheSmallestLimitHolds() throws IOException {
    file("proc/self/cgroup", "0::/pods/one/app\n");
    file("sys/fs/cgroup/pods/one/app/cpu.max", "max 100000\n");
    file("sys/fs/cgroup/pods/one/cpu.max", "50000 100000\n");
    file("sys/fs/cgroup/pods/cpu.max", "400000 100000\n");
    file("sys/fs/cgroup/pods/one/app/memory.max", "1073741824\n");
    file("sys/fs/cgroup/pods/memory.max", "max\n");

    ControlGroups groups = ControlGroups.read(root);

    assertThat(groups.cores()).hasValue(0.5);
    assertThat(groups.memory()).hasValue(1L << 30);
  }

  @Test
  void aContainerOfVersion1Limits() throws IOException {
    file("proc/self/cgroup", "5:memory:/docker/ab\n4:cpu,cpuacct:/docker/ab\n1:name=systemd:/\n");
    file("sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.cfs_quota_us", "300000\n");
    file("sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.cfs_period_us", "100000\n");
    file("sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes", "536870912\n");

    ControlGroups groups = ControlGroups.read(root);

    assertThat(groups.cores()).hasValue(3);
    assertThat(groups.memory()).hasValue(512L << 20);
    assertThat(groups.usage()).isEmpty();
  }

  @Test
  void insideAContainerOfVersion1ThePathOfTheHostIsNotThere() throws IOException {
    file("proc/self/cgroup", "4:cpu:/docker/ab\n3:cpuacct:/docker/ab\n");
    file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "25000\n");
    file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");

    assertThat(ControlGroups.read(root).cores()).hasValue(0.25);
  }

  @Test
  void withoutLimitsNoneIsFound() throws IOException {
    assertThat(ControlGroups.read(root).cores()).isEmpty();
    assertThat(ControlGroups.coresOfV2("max 100000")).isEmpty();
    assertThat(ControlGroups.coresOfV1("-1", "100000")).isEmpty();
    assertThat(ControlGroups.coresOfV1("", "")).isEmpty();
    assertThat(ControlGroups.memory("max\n")).isEmpty();
    assertThat(ControlGroups.memory("9223372036854771712\n")).isEmpty();
    file("proc/self/cgroup", "no cgroup file\n");
    file("sys/fs/cgroup/cpu.max", "soon\n");
    assertThat(ControlGroups.read(root)).isEqualTo(ControlGroups.read(root.resolve("empty")));
  }

  @Test
  void aMachineIsRead() throws IOException {
    file("sys/devices/system/cpu/online", "0-7\n");
    file("proc/self/status", "Name:\tjava\nCpus_allowed:\t0d\nCpus_allowed_list:\t0,2-3\n");
    file("proc/loadavg", "2.69 2.42 2.38 5/109 24411\n");
    file("proc/meminfo", "MemTotal:       2048 kB\nMemFree: 1 kB\nMemAvailable:   1024 kB\n");

    Machine machine = Machine.read(root);

    assertThat(machine.cores()).hasSize(8);
    assertThat(machine.allowed()).containsExactly(0, 2, 3);
    assertThat(machine.load()).hasValue(2.69);
    assertThat(machine.memory()).hasValue(2L << 20);
    assertThat(machine.memoryFree()).hasValue(1L << 20);
    assertThat(machine.share()).isEqualTo(3);
    assertThat(machine.threads())
        .isEqualTo(Math.min(3, Runtime.getRuntime().availableProcessors()));
  }

  @Test
  void aShareOfACoreGetsOneThread() throws IOException {
    file("proc/self/status", "Cpus_allowed_list:\t0-3\n");
    file("proc/self/cgroup", "0::/\n");
    file("sys/fs/cgroup/cpu.max", "50000 100000\n");

    assertThat(Machine.read(root).threads()).isEqualTo(1);
    assertThat(Machine.read(root).share()).isEqualTo(0.5);
  }

  @Test
  void whereNothingIsToldTheRuntimeCounts() {
    Machine unknown = Machine.read(root.resolve("elsewhere"));

    assertThat(unknown.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(unknown.memory()).isEmpty();
    assertThat(unknown.load()).isEmpty();
    assertThat(CpuLoad.now(unknown)).isEmpty();
  }

  @Test
  void listsOfCoresAreParsed() {
    assertThat(Machine.list("0-1,4,6-7\n")).containsExactly(0, 1, 4, 6, 7);
    assertThat(Machine.list("")).isEmpty();
    assertThat(Machine.list("all")).isEmpty();
  }
}
