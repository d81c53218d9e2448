package io.coordinator.server.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As whom a data directory takes part. */
@Feature({"B-12", "R-6"})
class OwnDiskTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    @Test
    void oneOfTheFirstTakesPartAsWhoItIs() throws IOException {
        OwnDisk disk = OwnDisk.open(data, false);
        BooleanSupplier log = disk.takingPart();
        assertThat(log.getAsBoolean()).isFalse();
        disk.become(disk.standing().asFirst(List.of()));
        assertThat(log.getAsBoolean()).isTrue();
        assertThat(OwnDisk.open(data, true).takingPart().getAsBoolean()).isTrue();
    }

    /** Its log still runs under the name of the lost disk, which may have voted. */
    @Test
    void whoIsLetInTakesPartOnlyUnderItsNewName() throws IOException {
        OwnDisk disk = OwnDisk.open(data, false);
        BooleanSupplier before = disk.takingPart();
        disk.become(disk.standing().asJoined(2, Optional.empty(), "c1"));
        assertThat(before.getAsBoolean()).isFalse();
        assertThat(disk.takingPart().getAsBoolean()).isTrue();
    }

    @Test
    void whoIsLetIntoAnotherGroupTakesNoPartInThatOfBefore() throws IOException {
        OwnDisk disk = OwnDisk.open(data, false);
        BooleanSupplier before = disk.takingPart();
        disk.become(disk.standing().asJoined(1, Optional.of(new UUID(1, 2)), "c1"));
        assertThat(before.getAsBoolean()).isFalse();
        assertThat(disk.takingPart().getAsBoolean()).isTrue();
    }
}
