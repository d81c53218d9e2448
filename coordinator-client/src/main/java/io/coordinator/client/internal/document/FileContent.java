package io.coordinator.client.internal.document;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Replaces what a file holds: readers see the old content or the new one, also after a crash. A link stays a link, and
 * mode, owner and group stay as they are.
 */
final class FileContent {
    /** As Linux has it. */
    private static final int LINKS_MAX = 40;

    private final Path target;

    private FileContent(Path target) {
        this.target = target;
    }

    /**
     * Replaces it.
     *
     * @throws IOException if it cannot be replaced in one step, or if its owner could not be kept; it is as it was
     */
    static void replace(Path file, ByteString text) throws IOException {
        new FileContent(target(file)).replace(text);
    }

    private static Path target(Path file) throws IOException {
        Path target = file;
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == LINKS_MAX) {
                throw new FileSystemLoopException(file.toString());
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return target;
    }

    private void replace(ByteString text) throws IOException {
        PosixFileAttributes kept = attributes();
        // Its own name: another process of this host may mirror the same file.
        Path next = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".next");
        try {
            write(next, text, kept);
            move(next);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /** What is to be kept; null if there is no file yet, or if the file system knows no such attributes. */
    private @Nullable PosixFileAttributes attributes() throws IOException {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(
                    target.toString(), null, "it is no regular file, so it is not replaced by one; move it away");
        }
        PosixFileAttributeView view = posix(target);
        return view == null ? null : view.readAttributes();
    }

    private static @Nullable PosixFileAttributeView posix(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private void write(Path next, ByteString text, @Nullable PosixFileAttributes kept) throws IOException {
        try (FileChannel channel = create(next, kept)) {
            for (var part : text.asReadOnlyByteBufferList()) {
                while (part.hasRemaining()) {
                    channel.write(part);
                }
            }
            keep(next, kept);
            channel.force(true);
        }
    }

    /** What others may not read in the file they may not read in its successor either, at no moment. */
    private static FileChannel create(Path next, @Nullable PosixFileAttributes kept) throws IOException {
        FileAttribute<?>[] attributes = kept == null
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                };
        return FileChannel.open(next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
    }

    private void keep(Path next, @Nullable PosixFileAttributes kept) throws IOException {
        PosixFileAttributeView view = posix(next);
        if (kept == null || view == null) {
            return;
        }
        PosixFileAttributes mine = view.readAttributes();
        try {
            if (!mine.owner().equals(kept.owner())) {
                view.setOwner(kept.owner());
            }
            if (!mine.group().equals(kept.group())) {
                view.setGroup(kept.group());
            }
        } catch (IOException e) {
            throw refusal("its owner " + kept.owner() + " and group " + kept.group() + " could not be kept", e);
        }
        view.setPermissions(kept.permissions());
    }

    private void move(Path next) throws IOException {
        try {
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw refusal(
                    "it cannot be replaced in one step (" + e.getMessage()
                            + "); if it is a mount of its own, mount its directory instead",
                    e);
        }
    }

    private IOException refusal(String why, IOException cause) {
        IOException refusal = new FileSystemException(target.toString(), null, why);
        refusal.initCause(cause);
        return refusal;
    }
}
