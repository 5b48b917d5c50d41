//! The words of the console in Chinese and English, from the fluent files in `locales/`.

use std::sync::LazyLock;

use contactid::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// Every text of the console in one language.
pub(crate) struct Words {
    /// Which language.
    pub(crate) lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

static ZH: LazyLock<Words> = LazyLock::new(|| Words::read(Lang::Zh, include_str!("../locales/zh-CN.ftl")));
static EN: LazyLock<Words> = LazyLock::new(|| Words::read(Lang::En, include_str!("../locales/en.ftl")));

/// The texts in `lang`.
pub(crate) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

impl Words {
    fn read(lang: Lang, text: &str) -> Self {
        // What fluent cannot read it leaves out and keeps the rest; the test below holds the files free of errors.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
        let tag: LanguageIdentifier = tag(lang).parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self { lang, bundle }
    }

    /// The tag for `lang` attributes: `zh-CN` or `en`.
    pub(crate) fn tag(&self) -> &'static str {
        tag(self.lang)
    }

    /// The text `id`; the id itself where there is none.
    pub(crate) fn t(&self, id: &str) -> String {
        self.format(id, None)
    }

    /// The text `id` about a number or a name, which stands in it as `$n`.
    pub(crate) fn n(&self, id: &str, n: impl ToString) -> String {
        let mut args = FluentArgs::new();
        args.set("n", n.to_string());
        self.format(id, Some(&args))
    }

    fn format(&self, id: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests;
