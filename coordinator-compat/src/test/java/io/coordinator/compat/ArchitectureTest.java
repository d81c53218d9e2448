package io.coordinator.compat;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Whoever moves on from here finds all that is used here in the client's public API. */
class ArchitectureTest {
    private static final JavaClasses COMPAT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.coordinator.compat");

    @Test
    void onlyThePublicApiOfTheClientIsUsed() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("io.coordinator.compat..", "io.coordinator.client..")
                        .and(resideOutsideOfPackages("..internal.."))
                        .or(resideInAnyPackage(
                                "java..", "com.fasterxml.jackson.databind..", "org.slf4j..", "org.jspecify..")))
                .check(COMPAT);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("io.coordinator.compat.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(COMPAT);
    }
}
