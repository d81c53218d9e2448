package io.coordinator.state.schedule;

/** Dates as text in ISO 8601, UTC; computed here, since the core has no clock and no time zones. */
final class UtcText {
    private static final int MILLIS_A_DAY = 86_400_000;
    private static final int MILLIS_A_SECOND = 1_000;
    private static final int SECONDS_A_MINUTE = 60;
    private static final int MINUTES_AN_HOUR = 60;
    private static final int YEARS_AN_ERA = 400;
    private static final int DAYS_AN_ERA = 146_097;
    private static final int DAYS_A_CENTURY = 36_524;
    private static final int DAYS_FOUR_YEARS = 1_461;
    private static final int DAYS_A_YEAR = 365;
    private static final int YEARS_A_CENTURY = 100;
    /** From the first of March of the year 0 to 1970. */
    private static final int DAYS_BEFORE_1970 = 719_468;
    /** Five months from March have so many days, and so have the next five. */
    private static final int DAYS_FIVE_MONTHS = 153;

    private static final int FIVE = 5;
    private static final int JANUARY_FROM_MARCH = 10;
    private static final int MONTHS = 12;

    private UtcText() {}

    /**
     * As 2026-01-31T03:00:00Z, with milliseconds if there are some.
     *
     * @param dateMillis since 1970, in the years 1970 to 9999
     */
    static String of(long dateMillis) {
        StringBuilder text = new StringBuilder(24);
        date(dateMillis / MILLIS_A_DAY, text);
        int millis = (int) (dateMillis % MILLIS_A_DAY);
        int seconds = millis / MILLIS_A_SECOND;
        text.append('T');
        digits(seconds / SECONDS_A_MINUTE / MINUTES_AN_HOUR, 2, text);
        text.append(':');
        digits(seconds / SECONDS_A_MINUTE % MINUTES_AN_HOUR, 2, text);
        text.append(':');
        digits(seconds % SECONDS_A_MINUTE, 2, text);
        if (millis % MILLIS_A_SECOND != 0) {
            text.append('.');
            digits(millis % MILLIS_A_SECOND, 3, text);
        }
        return text.append('Z').toString();
    }

    /** Years are taken to begin in March, so that the day that some have more is their last one. */
    private static void date(long daysSince1970, StringBuilder text) {
        long days = daysSince1970 + DAYS_BEFORE_1970;
        long era = days / DAYS_AN_ERA;
        long ofEra = days % DAYS_AN_ERA;
        long year = (ofEra - ofEra / (DAYS_FOUR_YEARS - 1) + ofEra / DAYS_A_CENTURY - ofEra / (DAYS_AN_ERA - 1))
                / DAYS_A_YEAR;
        long ofYear = ofEra - (DAYS_A_YEAR * year + year / 4 - year / YEARS_A_CENTURY);
        long month = (FIVE * ofYear + 2) / DAYS_FIVE_MONTHS;
        long day = ofYear - (DAYS_FIVE_MONTHS * month + 2) / FIVE + 1;
        boolean nextYear = month >= JANUARY_FROM_MARCH;
        digits(era * YEARS_AN_ERA + year + (nextYear ? 1 : 0), 4, text);
        text.append('-');
        digits(nextYear ? month - JANUARY_FROM_MARCH + 1 : month + MONTHS - JANUARY_FROM_MARCH + 1, 2, text);
        text.append('-');
        digits(day, 2, text);
    }

    private static void digits(long number, int width, StringBuilder text) {
        String digits = Long.toString(number);
        for (int i = digits.length(); i < width; i++) {
            text.append('0');
        }
        text.append(digits);
    }
}
