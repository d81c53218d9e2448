package io.coordinator.cli.console;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Dates as people write and read them: ISO 8601. */
public final class Dates implements ITypeConverter<Instant> {
    /** A date to the second, in UTC. */
    public static String text(Instant date) {
        return date.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Override
    public Instant convert(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            TypeConversionException wrong = new TypeConversionException(
                    "'" + text + "' is no date; write for example 2026-11-30T10:00:00Z or 2026-11-30T11:00:00+01:00");
            wrong.initCause(e);
            throw wrong;
        }
    }
}
