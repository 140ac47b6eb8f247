#include "client/paper/typeset.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>

/* Points. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define LEFT 70.87   /* 25 mm, for binding */
#define RIGHT 42.52  /* 15 mm */
#define TOP 56.69    /* 20 mm */
#define BOTTOM 70.87 /* 25 mm: the foot stands in it */
#define TEXT_WIDTH (PAGE_WIDTH - LEFT - RIGHT)
#define LABEL_WIDTH 175.0
#define PADDING 4.0
#define GAP 8.0

/* Times New Roman's metrics first, which papers of this kind have; whatever
 * else has Cyrillic letters will do. */
#define FAMILY "Liberation Serif, PT Serif, DejaVu Serif, serif"

struct pen {
    cairo_t *cairo;
    const struct sheet *sheet;
    double y; /* where the next thing begins */
    int page, pages;
    bool in_table; /* the last thing was a row */
    int unknown;   /* letters that no font has */
};

enum style { PLAIN, BOLD, SMALL, STYLES };

static PangoLayout *set_text(struct pen *pen, enum style style,
                             const char *text, double width)
{
    static const char *const fonts[STYLES] = {[PLAIN] = FAMILY " 11",
                                              [BOLD] = FAMILY " Bold 13",
                                              [SMALL] = FAMILY " 8"};
    PangoLayout *layout = pango_cairo_create_layout(pen->cairo);
    PangoFontDescription *font =
        pango_font_description_from_string(fonts[style]);

    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, text, -1);
    pen->unknown += pango_layout_get_unknown_glyphs_count(layout);
    return layout;
}

static double height_of(PangoLayout *layout)
{
    PangoRectangle logical;

    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.height / PANGO_SCALE;
}

static void show(struct pen *pen, PangoLayout *layout, double x, double y)
{
    cairo_move_to(pen->cairo, x, y);
    pango_cairo_show_layout(pen->cairo, layout);
}

/* --- pages --------------------------------------------------------------- */

static void put_foot(struct pen *pen)
{
    char foot[256];
    PangoLayout *layout;

    snprintf(foot, sizeof(foot), "Заявка %.100s    Лист %d из %d",
             pen->sheet->number, pen->page, pen->pages);
    layout = set_text(pen, SMALL, foot, TEXT_WIDTH);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    show(pen, layout, LEFT, PAGE_HEIGHT - BOTTOM / 2);
    g_object_unref(layout);
}

static void begin_page(struct pen *pen)
{
    pen->page++;
    pen->y = TOP;
}

static void end_page(struct pen *pen)
{
    put_foot(pen);
    cairo_show_page(pen->cairo);
}

/* A new page where this much does not fit any more. */
static void need(struct pen *pen, double height)
{
    if (pen->y + height <= PAGE_HEIGHT - BOTTOM || pen->y <= TOP)
        return;
    end_page(pen);
    begin_page(pen);
}

/* --- parts --------------------------------------------------------------- */

/* Line by line, so that a paragraph may be longer than a page. */
static void put_lines(struct pen *pen, PangoLayout *layout, double x)
{
    PangoLayoutIter *line = pango_layout_get_iter(layout);

    do {
        PangoRectangle logical;
        double height, above;

        pango_layout_iter_get_line_extents(line, NULL, &logical);
        height = (double)logical.height / PANGO_SCALE;
        need(pen, height);
        above = (double)(pango_layout_iter_get_baseline(line) - logical.y) /
                PANGO_SCALE;
        cairo_move_to(pen->cairo, x + (double)logical.x / PANGO_SCALE,
                      pen->y + above);
        pango_cairo_show_layout_line(pen->cairo,
                                     pango_layout_iter_get_line_readonly(line));
        pen->y += height;
    } while (pango_layout_iter_next_line(line));
    pango_layout_iter_free(line);
}

static void put_title(struct pen *pen, const struct sheet_part *part)
{
    PangoLayout *layout = set_text(pen, BOLD, part->text, TEXT_WIDTH);

    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    put_lines(pen, layout, LEFT);
    pen->y += GAP;
    g_object_unref(layout);
}

static void put_text(struct pen *pen, const struct sheet_part *part)
{
    PangoLayout *layout = set_text(pen, PLAIN, part->text, TEXT_WIDTH);

    pango_layout_set_justify(layout, TRUE);
    pen->y += pen->in_table ? GAP : 0;
    put_lines(pen, layout, LEFT);
    pen->y += GAP;
    g_object_unref(layout);
}

static void rule(struct pen *pen, double x, double y, double width,
                 double height)
{
    cairo_set_line_width(pen->cairo, 0.5);
    cairo_rectangle(pen->cairo, x, y, width, height);
    cairo_stroke(pen->cairo);
}

/* What is higher than a page goes on below its frame as text, so that nothing
 * is lost; no value of a certificate is. */
static void put_row(struct pen *pen, const struct sheet_part *part)
{
    const double width = TEXT_WIDTH - LABEL_WIDTH;
    PangoLayout *label =
        set_text(pen, PLAIN, part->label, LABEL_WIDTH - 2 * PADDING);
    PangoLayout *value = set_text(pen, PLAIN, part->text, width - 2 * PADDING);
    double height = height_of(label) > height_of(value) ? height_of(label)
                                                        : height_of(value);

    height += 2 * PADDING;
    if (height > PAGE_HEIGHT - TOP - BOTTOM) {
        put_lines(pen, label, LEFT);
        put_lines(pen, value, LEFT + LABEL_WIDTH);
    } else {
        need(pen, height);
        rule(pen, LEFT, pen->y, LABEL_WIDTH, height);
        rule(pen, LEFT + LABEL_WIDTH, pen->y, width, height);
        show(pen, label, LEFT + PADDING, pen->y + PADDING);
        show(pen, value, LEFT + LABEL_WIDTH + PADDING, pen->y + PADDING);
        pen->y += height;
    }
    g_object_unref(label);
    g_object_unref(value);
}

static void put_part(struct pen *pen, const struct sheet_part *part)
{
    static void (*const put[SHEET_KINDS])(
        struct pen *, const struct sheet_part *) = {[SHEET_TITLE] = put_title,
                                                    [SHEET_ROW] = put_row,
                                                    [SHEET_TEXT] = put_text};

    put[part->kind](pen, part);
    pen->in_table = part->kind == SHEET_ROW;
}

/* --- the signature ------------------------------------------------------- */

static void put_line(struct pen *pen, double x, double width,
                     const char *caption)
{
    PangoLayout *layout = set_text(pen, SMALL, caption, width);

    cairo_set_line_width(pen->cairo, 0.5);
    cairo_move_to(pen->cairo, x, pen->y);
    cairo_line_to(pen->cairo, x + width, pen->y);
    cairo_stroke(pen->cairo);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    show(pen, layout, x, pen->y + 2);
    g_object_unref(layout);
}

static void put_word(struct pen *pen, double x, double width, const char *text)
{
    PangoLayout *layout = set_text(pen, PLAIN, text, width);

    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    show(pen, layout, x, pen->y - height_of(layout) - 1);
    g_object_unref(layout);
}

/* Date, signature and who signed, on one line and on one page. */
static void put_signature(struct pen *pen)
{
    const double space = 60, between = 15;
    const double short_one = (TEXT_WIDTH - 2 * between) * 0.27;
    const double long_one = (TEXT_WIDTH - 2 * between) * 0.46;
    const double name = LEFT + 2 * (short_one + between);

    need(pen, space + 20);
    pen->y += space;
    put_line(pen, LEFT, short_one, "дата");
    put_line(pen, LEFT + short_one + between, short_one, "подпись");
    put_line(pen, name, long_one, "фамилия, инициалы");
    put_word(pen, name, long_one, pen->sheet->signer);
}

/* --- the whole ----------------------------------------------------------- */

static cairo_status_t collect(void *closure, const unsigned char *data,
                              unsigned length)
{
    struct bytes *out = closure;

    bytes_put(out, data, length);
    return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* Set it once; pages as a run before has counted them. out NULL: only to
 * count. */
static enum typeset_result set_all(const struct sheet *sheet, int *pages,
                                   struct bytes *out)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
        out != NULL ? collect : NULL, out, PAGE_WIDTH, PAGE_HEIGHT);
    struct pen pen = {
        .cairo = cairo_create(surface), .sheet = sheet, .pages = *pages};
    cairo_status_t status;

    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
                                   "Заявление");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR,
                                   "kep " VERSION);
    begin_page(&pen);
    for (size_t i = 0; i < sheet->count; i++)
        put_part(&pen, &sheet->part[i]);
    put_signature(&pen);
    end_page(&pen);
    *pages = pen.page;
    cairo_destroy(pen.cairo);
    cairo_surface_finish(surface);
    status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return TYPESET_FAILED;
    return pen.unknown > 0 ? TYPESET_FONT : TYPESET_OK;
}

enum typeset_result typeset_sheet(const struct sheet *sheet, struct bytes *out)
{
    int pages = 0;
    enum typeset_result result = set_all(sheet, &pages, NULL);

    return result == TYPESET_OK ? set_all(sheet, &pages, out) : result;
}
