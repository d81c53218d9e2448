package io.coordinator.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where this process writes its data. Remembers why that failed, which a {@link java.io.PrintStream} never tells. */
public final class DataStream extends FilterOutputStream {
    private volatile @Nullable IOException failure;

    DataStream(OutputStream out) {
        super(out);
    }

    /** The standard output. */
    public static DataStream ofProcess() {
        return new DataStream(new FileOutputStream(FileDescriptor.out));
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        try {
            out.write(bytes, from, count);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Why data could not be written; empty if it could, or if its reader, as {@code head}, has had enough of it. */
    public Optional<IOException> failure() {
        IOException failed = failure;
        return failed == null
                        || String.valueOf(failed.getMessage())
                                .toLowerCase(Locale.ROOT)
                                .contains("broken pipe")
                ? Optional.empty()
                : Optional.of(failed);
    }
}
