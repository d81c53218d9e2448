package io.coordinator.server.snapshot;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.state.Coordinator;
import java.nio.file.Path;
import java.util.Arrays;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The RocksDB that checkpoints are cut from. It is scratch: after a restart it is made anew from a checkpoint, so it
 * needs no write-ahead log.
 */
final class LiveDatabase implements AutoCloseable {
    static {
        RocksDB.loadLibrary();
    }

    private static final int HEADERS = 1;

    private final Options options;
    private final RocksDB database;

    private LiveDatabase(Options options, RocksDB database) {
        this.options = options;
        this.database = database;
    }

    static LiveDatabase open(Path directory) throws RocksDBException {
        Options options = new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(16 << 20)
                .setMaxBackgroundJobs(2)
                .setKeepLogFileNum(1)
                .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
                .setParanoidChecks(true);
        try {
            return new LiveDatabase(options, RocksDB.open(options, directory.toString()));
        } catch (RocksDBException e) {
            options.close();
            throw e;
        }
    }

    /** Opens a checkpoint to look at it; nothing is written. */
    static LiveDatabase openReadOnly(Path directory) throws RocksDBException {
        Options options = new Options().setInfoLogLevel(InfoLogLevel.ERROR_LEVEL);
        try {
            return new LiveDatabase(options, RocksDB.openReadOnly(options, directory.toString()));
        } catch (RocksDBException e) {
            options.close();
            throw e;
        }
    }

    void write(byte[] encodedBatch) throws RocksDBException {
        try (WriteOptions write = new WriteOptions().setDisableWAL(true);
                WriteBatch batch = new WriteBatch(encodedBatch)) {
            database.write(write, batch);
        }
    }

    /** Cuts a consistent copy; the directory must not exist yet. */
    void checkpoint(Path directory) throws RocksDBException {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true);
                org.rocksdb.Checkpoint checkpoint = org.rocksdb.Checkpoint.create(database)) {
            database.flush(flush);
            checkpoint.createCheckpoint(directory.toString());
        }
    }

    SnapshotHeader header() throws RocksDBException, InvalidProtocolBufferException {
        byte[] header = database.get(CaptureEncoder.HEADER_KEY);
        if (header == null) {
            throw new RocksDBException("the snapshot has no header");
        }
        return SnapshotHeader.parseFrom(header);
    }

    /**
     * Reads all rows, their checksums included, and keeps none.
     *
     * @throws RocksDBException if a block is damaged
     */
    long countRows() throws RocksDBException {
        long entries = 0;
        try (ReadOptions once = new ReadOptions().setFillCache(false);
                RocksIterator iterator = database.newIterator(once)) {
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                entries++;
            }
            iterator.status();
        }
        return entries - HEADERS;
    }

    /** All rows; throws IllegalStateException when a block of the database is damaged. */
    Coordinator.RowSource rows() {
        return visitor -> {
            try (RocksIterator iterator = database.newIterator()) {
                for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                    byte[] key = iterator.key();
                    if (!Arrays.equals(key, CaptureEncoder.HEADER_KEY)) {
                        visitor.accept(new Coordinator.Row(key, iterator.value()));
                    }
                }
                iterator.status();
            } catch (RocksDBException e) {
                throw new IllegalStateException("damaged snapshot: " + e.getMessage(), e);
            }
        };
    }

    @Override
    public void close() {
        database.close();
        options.close();
    }
}
