package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheEntry;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private final Fingerprint fingerprint = new Fingerprint();

    @Test
    void storedBytesHashLikeTheRowTheyCameFrom() {
        for (String key : new String[] {"", "ns\0key", "ns\0k\u00E9y", "ns\0\uD83D\uDE00".repeat(500)}) {
            CacheEntry row = row("value of " + key);
            byte[] stored = StoredKey.encode(12, 3, key);
            assertThat(fingerprint.ofRow(12, 3, stored, StoredKey.PREFIX, row.toByteArray()))
                    .isEqualTo(fingerprint.ofRow(12, 3, key, row));
            assertThat(StoredKey.key(stored)).isEqualTo(key);
            assertThat(StoredKey.kind(stored)).isEqualTo(12);
            assertThat(StoredKey.table(stored)).isEqualTo(3);
        }
    }

    @Test
    void doesNotDependOnWhatWasHashedBefore() {
        long fresh = new Fingerprint().ofRow(1, 0, "k", row("short"));
        fingerprint.ofRow(1, 0, "other", row("x".repeat(10_000)));
        assertThat(fingerprint.ofRow(1, 0, "k", row("short"))).isEqualTo(fresh);
    }

    @Test
    void everyPartCounts() {
        Set<Long> hashes = new HashSet<>();
        hashes.add(fingerprint.ofRow(1, 0, "k", row("v")));
        hashes.add(fingerprint.ofRow(2, 0, "k", row("v")));
        hashes.add(fingerprint.ofRow(1, 1, "k", row("v")));
        hashes.add(fingerprint.ofRow(1, 0, "kk", row("v")));
        hashes.add(fingerprint.ofRow(1, 0, "k", row("w")));
        hashes.add(fingerprint.ofRow(1, 0, "k", row("v\0")));
        hashes.add(fingerprint.ofRow(1, 0, "k", CacheEntry.getDefaultInstance()));
        hashes.add(fingerprint.ofMessage(1, 0, row("v")));
        hashes.add(fingerprint.ofMessage(0, 1, row("v")));
        assertThat(hashes).hasSize(9);
    }

    @Test
    void theBoundaryBetweenKeyAndRowCounts() {
        byte[] abc = {'a', 'b', 'c'};
        byte[] ab = {'a', 'b'};
        assertThat(fingerprint.ofRow(1, 0, ab, 0, new byte[] {'c'}))
                .isNotEqualTo(fingerprint.ofRow(1, 0, abc, 0, new byte[0]));
    }

    @Test
    void aFlippedBitFlipsHalfTheHash() {
        byte[] value = new byte[100];
        long before = fingerprint.ofRow(1, 0, new byte[0], 0, value);
        long flips = 0;
        Set<Long> hashes = new HashSet<>();
        for (int bit = 0; bit < value.length * Byte.SIZE; bit++) {
            value[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            long hash = fingerprint.ofRow(1, 0, new byte[0], 0, value);
            value[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            hashes.add(hash);
            flips += Long.bitCount(hash ^ before);
        }
        assertThat(hashes).hasSize(800);
        assertThat(flips / 800.0).isBetween(30.0, 34.0);
    }

    @Test
    void pairsHashByOrder() {
        Set<Long> hashes = new HashSet<>();
        for (long a = -20; a < 20; a++) {
            for (long b = -20; b < 20; b++) {
                hashes.add(Fingerprint.of(a, b));
            }
        }
        assertThat(hashes).hasSize(1_600);
    }

    private static CacheEntry row(String value) {
        return CacheEntry.newBuilder().setValue(ByteString.copyFromUtf8(value)).build();
    }
}
