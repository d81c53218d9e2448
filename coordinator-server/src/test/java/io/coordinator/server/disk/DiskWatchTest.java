package io.coordinator.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.DiskRoom;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A disk whose free space the test decides; the reserve is 1,000 bytes. */
@Feature("R-17")
class DiskWatchTest {
    private long free = 10_000;
    private boolean unreadable;
    private final DiskWatch watch = new DiskWatch(this::free, 1_000);

    private long free() throws IOException {
        if (unreadable) {
            throw new IOException("no such disk");
        }
        return free;
    }

    private DiskRoom at(long bytes) {
        free = bytes;
        watch.look();
        return watch.room();
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void aDiskThatFillsIsLowBelowTheReserveAndFullBelowAQuarterOfIt() {
        assertThat(at(1_000)).isEqualTo(DiskRoom.DISK_ENOUGH);
        assertThat(at(999)).isEqualTo(DiskRoom.DISK_LOW);
        assertThat(at(250)).isEqualTo(DiskRoom.DISK_LOW);
        assertThat(at(249)).isEqualTo(DiskRoom.DISK_FULL);
        assertThat(watch.freeBytes()).isEqualTo(249);
    }

    @Test
    void whatWasLostComesBackWithMoreThanItTookToLoseIt() {
        at(0);
        assertThat(at(499)).isEqualTo(DiskRoom.DISK_FULL);
        assertThat(at(500)).isEqualTo(DiskRoom.DISK_LOW);
        assertThat(at(1_249)).isEqualTo(DiskRoom.DISK_LOW);
        assertThat(at(1_250)).isEqualTo(DiskRoom.DISK_ENOUGH);
        at(0);
        assertThat(at(1_250)).as("at one stroke").isEqualTo(DiskRoom.DISK_ENOUGH);
    }

    @Test
    void changesAreToldOnce() {
        List<DiskRoom> told = new ArrayList<>();
        watch.onChange(told::add);
        at(10);
        at(11);
        at(5_000);
        assertThat(told).containsExactly(DiskRoom.DISK_FULL, DiskRoom.DISK_ENOUGH);
    }

    @Test
    void aDiskThatCannotBeAskedHasWhatItHad() {
        at(999);
        unreadable = true;
        assertThat(at(5_000)).isEqualTo(DiskRoom.DISK_LOW);
        unreadable = false;
        assertThat(at(5_000)).isEqualTo(DiskRoom.DISK_ENOUGH);
    }

    @Test
    void withoutAReserveThereIsAlwaysEnough() {
        try (DiskWatch none = new DiskWatch(() -> 0, 0)) {
            none.look();
            assertThat(none.room()).isEqualTo(DiskRoom.DISK_ENOUGH);
        }
    }
}
