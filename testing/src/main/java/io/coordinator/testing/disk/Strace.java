package io.coordinator.testing.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that records what a process does to files. */
public final class Strace {
    private static final String CALLS =
            "trace=openat,creat,lseek,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,"
                    + "fallocate,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,"
                    + "mkdirat,rmdir,copy_file_range,sendfile,mmap";
    private static final int STRING_BYTES_MAX = 8 << 20;

    private Strace() {}

    /** Whether processes can be traced here. */
    public static boolean isAvailable() {
        try {
            Process probe = new ProcessBuilder("strace", "-D", "-f", "--seccomp-bpf", "-o", "/dev/null", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return probe.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while strace was tried", e);
        }
    }

    /**
     * What to put in front of a command. It stays the started process itself, so that it can be killed and paused.
     *
     * @param output where each thread's calls go, in files of this name with the thread's number behind
     * @param injections as after {@code -e inject=}, such as {@code fdatasync:delay_enter=5000}
     */
    public static List<String> command(Path output, String... injections) {
        List<String> command = new ArrayList<>(List.of(
                "strace",
                // The tracer is a grandchild, and the command the child.
                "-D",
                "-f",
                "-ff",
                "--seccomp-bpf",
                // Microseconds since 1970, and how long the call took.
                "-ttt",
                "-T",
                // Paths of descriptors; all bytes as numbers.
                "-y",
                "-xx",
                "-s",
                Integer.toString(STRING_BYTES_MAX),
                "-o",
                output.toString(),
                "-e",
                CALLS));
        for (String injection : injections) {
            command.addAll(List.of("-e", "inject=" + injection));
        }
        return command;
    }
}
