package io.coordinator.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The two borders that matter, no cycles, and no knowledge of data types. */
class ArchitectureTest {
    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.coordinator.server");

    @Test
    void onlyTheRaftPackageKnowsRatis() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.coordinator.server.raft")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.ratis..")
                .check(SERVER);
    }

    @Test
    void onlyTheNetPackageKnowsGrpc() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.coordinator.server.net")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.grpc..")
                .check(SERVER);
    }

    /** Its own Netty; that of gRPC belongs to the net package. */
    @Test
    void onlyTheHttpPackageKnowsNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.coordinator.server.http")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(SERVER);
    }

    @Test
    void onlyTheSnapshotPackageKnowsRocksDb() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.coordinator.server.snapshot")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .check(SERVER);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("io.coordinator.server.(*)..")
                .should()
                .beFreeOfCycles()
                .check(SERVER);
    }

    @Test
    void noDataTypeIsNamed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("io\\.coordinator\\.protocol\\.(Lock|Cache|Build)[A-Z].*")
                .check(SERVER);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.coordinator.state.lock", "io.coordinator.state.cache", "io.coordinator.state.builds")
                .check(SERVER);
    }
}
