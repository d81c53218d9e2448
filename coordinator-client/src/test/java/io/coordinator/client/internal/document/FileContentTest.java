package io.coordinator.client.internal.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Feature("C-50")
@DisabledOnOs(OS.WINDOWS)
class FileContentTest {
    private static final ByteString NEXT = ByteString.copyFromUtf8("{\"next\":1}");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void fileThatWasNotThereIsMadeAsTheProcessMakesThem() throws IOException {
        Path file = folder.resolve("file");
        Path other = Files.writeString(folder.resolve("other"), "");
        FileContent.replace(file, NEXT);
        assertThat(file).hasContent("{\"next\":1}");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(other));
    }

    @Test
    void modeIsKept() throws IOException {
        for (String mode : List.of("rw-------", "rw-rw-rw-", "r--r-----", "rwxr-x---")) {
            Path file = Files.writeString(folder.resolve("file" + mode), "{}");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            FileContent.replace(file, NEXT);
            assertThat(file).hasContent("{\"next\":1}");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo(mode);
        }
    }

    @Test
    void ownerIsKept() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "{}");
        Assumptions.assumeTrue((int) Files.getAttribute(file, "unix:uid") == 0, "only root gives files away");
        Files.setAttribute(file, "unix:uid", 12_345);
        Files.setAttribute(file, "unix:gid", 23_456);
        FileContent.replace(file, NEXT);
        assertThat(file).hasContent("{\"next\":1}");
        assertThat(Files.readAttributes(file, "unix:uid,gid")).isEqualTo(Map.of("uid", 12_345, "gid", 23_456));
    }

    @Test
    void linksStayLinks() throws IOException {
        Path below = Files.createDirectory(folder.resolve("data"));
        Path file = Files.writeString(below.resolve("file"), "{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Path relative = Files.createSymbolicLink(below.resolve("relative"), Path.of("file"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), relative.toAbsolutePath());
        FileContent.replace(link, NEXT);
        assertThat(link).isSymbolicLink().hasContent("{\"next\":1}");
        assertThat(relative).isSymbolicLink();
        assertThat(file).isRegularFile().hasContent("{\"next\":1}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(below).isDirectoryNotContaining("glob:**.next");
    }

    @Test
    void linkToNothingLeadsToTheNewFile() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("later"));
        FileContent.replace(link, NEXT);
        assertThat(link).isSymbolicLink();
        assertThat(folder.resolve("later")).isRegularFile().hasContent("{\"next\":1}");
    }

    @Test
    void linksInACircleAreNoFile() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));
        assertThatThrownBy(() -> FileContent.replace(link, NEXT)).isInstanceOf(FileSystemLoopException.class);
    }

    @Test
    void whatIsNoRegularFileIsLeftAlone() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("directory"));
        assertThatThrownBy(() -> FileContent.replace(directory, NEXT))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("no regular file");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void mountOfItsOwnIsLeftAsItIsAndSaysSo() throws Exception {
        Path source = Files.writeString(folder.resolve("source"), "{}");
        Path file = Files.writeString(folder.resolve("file"), "{}");
        Assumptions.assumeTrue(run("mount", "--bind", source.toString(), file.toString()), "no right to mount");
        try {
            assertThatThrownBy(() -> FileContent.replace(file, NEXT))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("mount its directory instead");
            assertThat(file).hasContent("{}");
            assertThat(source).hasContent("{}");
            assertThat(folder).isDirectoryNotContaining("glob:**.next");
        } finally {
            assertThat(run("umount", file.toString())).isTrue();
        }
    }

    @Test
    void readOnlyDirectoryLeavesTheFileAsItIs() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        Path file = Files.writeString(mount.resolve("file"), "{}");
        Assumptions.assumeTrue(
                run("mount", "--bind", "-o", "ro", mount.toString(), mount.toString()), "no right to mount");
        try {
            assertThatThrownBy(() -> FileContent.replace(file, NEXT)).isInstanceOf(IOException.class);
            assertThat(file).hasContent("{}");
        } finally {
            assertThat(run("umount", mount.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such program here
        }
    }
}
